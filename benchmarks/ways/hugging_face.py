"""Mean-pooled vectors as the card of all-MiniLM-L6-v2 shows it, with transformers alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModel, AutoTokenizer

from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder import DTYPES
from nightshelf.models.encoder_files import find_encoder


class CardModel:
    """What people paste into their own code."""

    def __init__(self, choice: ModelChoice) -> None:
        folder = find_encoder(choice.encoder).folder
        torch.set_num_threads(1)
        self._tokenizer = AutoTokenizer.from_pretrained(folder)
        self._model = AutoModel.from_pretrained(folder, dtype=DTYPES[choice.precision]).eval()
        self._max_tokens = choice.max_tokens

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        inputs = self._tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=self._max_tokens,
            return_tensors="pt",
        )
        with torch.inference_mode():
            hidden = self._model(**inputs).last_hidden_state.float()
            mask = inputs["attention_mask"].unsqueeze(-1).float()
            pooled = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1e-9)
            vectors = torch.nn.functional.normalize(pooled, p=2, dim=1)
        found: NDArray[np.float32] = vectors.numpy()
        return found


def sentence_model(folder: Path, precision: str, max_tokens: int) -> Any:  # noqa: ANN401
    """Of sentence-transformers, which pads within batches of 32 that it has sorted by length."""
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    kwargs = {"dtype": DTYPES[precision]}
    model = SentenceTransformer(str(folder), device="cpu", model_kwargs=kwargs)
    model.max_seq_length = max_tokens
    return model
