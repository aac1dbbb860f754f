"""Turn texts into vectors: tokenise, pad, encode, pool, normalise."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor

from nightshelf.errors import ModelError, OutOfMemory, SettingsError, UnanswerableRow
from nightshelf.models.bert import Bert, is_ours
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import EncoderFiles, find_encoder
from nightshelf.models.transformer import Transformer

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}

#: From ids (rows, tokens) and a mask of real tokens to hidden states (rows, tokens, width).
Network = Callable[[Tensor, Tensor], Tensor]
TokenIds = list[int]


class Encoder:
    """One vector of unit norm a text, float32."""

    def __init__(self, files: EncoderFiles, tokenizer: Tokenizer, network: Network) -> None:
        self._pad = int(files.config.get("pad_token_id") or 0)
        self._pooling = files.pooling
        self._tokenizer = tokenizer
        self._network = network

    def prepare(self, texts: Sequence[str]) -> list[TokenIds]:
        """Token ids, cut to the choice's `max_tokens`, one list a text."""
        # One by one: a batch would use every core, and this process was given one.
        return [self._tokenizer.encode(text).ids for text in texts]

    def embed(self, batch: Sequence[TokenIds]) -> NDArray[np.float32]:
        """
        Vectors (rows, width); (0, 0) for an empty batch.

        Raises `OutOfMemory` where the batch is too large, and `UnanswerableRow` where one of its
        texts has no vector: its numbers overflow, or it has no token at all.
        """
        if not batch:
            return np.empty((0, 0), np.float32)
        width = max(1, *map(len, batch))
        ids = torch.full((len(batch), width), self._pad, dtype=torch.long)
        lengths = torch.tensor([len(tokens) for tokens in batch])
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = torch.tensor(tokens, dtype=torch.long)
        mask = torch.arange(width) < lengths[:, None]
        with torch.inference_mode(), memory_as_batch_error():
            pooled = self._pooled(self._network(ids, mask).float(), mask)
            vectors = pooled / pooled.norm(dim=1, keepdim=True)
        if not bool(vectors.isfinite().all()):
            raise UnanswerableRow
        found: NDArray[np.float32] = vectors.numpy()
        return found

    def _pooled(self, hidden: Tensor, mask: Tensor) -> Tensor:
        if self._pooling == "cls":
            return hidden[:, 0]
        seen = mask[:, :, None]
        return hidden.masked_fill(~seen, 0).sum(dim=1) / seen.sum(dim=1)


def open_encoder(choice: ModelChoice) -> Encoder:
    """Raise `SettingsError` or `ModelError` for an encoder that cannot be loaded as chosen."""
    files = find_encoder(choice.encoder)
    if choice.max_tokens > files.max_positions:
        raise SettingsError(
            f"NIGHTSHELF_MAX_TOKENS={choice.max_tokens}: {choice.encoder} reads at most"
            f" {files.max_positions} tokens"
        )
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    # A folder may bring a shorter cut of its own, and padding to it.
    tokenizer.no_padding()
    tokenizer.enable_truncation(choice.max_tokens)
    return Encoder(files, tokenizer, _network(files, DTYPES[choice.precision]))


def _network(files: EncoderFiles, dtype: torch.dtype) -> Network:
    if not is_ours(files.config):
        return Transformer(files, dtype)
    weights: dict[str, Tensor] = {}
    for path in files.weights:
        try:
            weights |= load_file(path)
        except SafetensorError as error:
            raise ModelError(f"{path}: not readable as safetensors: {error}") from error
    return Bert(files.config, weights, dtype)


@contextmanager
def memory_as_batch_error() -> Iterator[None]:
    """Let memory that ran out be known as such, and every other error pass as it is."""
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError):
        raise OutOfMemory from None
    except RuntimeError as error:
        # torch has no type of its own for this on the CPU.
        if "DefaultCPUAllocator" in str(error) or "not enough memory" in str(error):
            raise OutOfMemory from None
        raise
