"""Open the models of a choice as one, so that one pass over a text answers every question."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from nightshelf import names
from nightshelf.engine.model import Answers, Model
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder
from nightshelf.models.fake import FakeModel
from nightshelf.models.sentiment_head import SentimentHead, find_head, read_head

if TYPE_CHECKING:
    from nightshelf.models.encoder import Encoder, TokenIds

#: What it prepares is its own; every text gets a sentiment and an embedding.
Panel: TypeAlias = Model[Any]


class EncoderPanel:
    """An encoder, and a head that reads what it encoded."""

    def __init__(self, encoder: "Encoder", head: SentimentHead) -> None:
        self._encoder = encoder
        self._head = head

    def prepare(self, texts: Sequence[str]) -> "list[TokenIds]":
        return self._encoder.prepare(texts)

    def answer(self, batch: "Sequence[TokenIds]") -> list[Answers]:
        """Per text a `Sentiment` and a float32 vector of unit norm; raises `BatchError`."""
        if not batch:
            return []
        embeddings = self._encoder.embed(batch)
        sentiments = self._head.answer(embeddings)
        return [
            {names.SENTIMENT: sentiment, names.EMBEDDING: embedding}
            for sentiment, embedding in zip(sentiments, embeddings, strict=True)
        ]


def open_panel(choice: ModelChoice, *, threads: int = 1) -> Panel:
    """
    Load it into this process, whose torch then computes on `threads` threads.

    Raises `SettingsError` where the choice names no usable model, `ModelError` where its files
    are broken or the head was trained on another encoder.
    """
    if choice.is_fake:
        return FakeModel(int(choice.encoder.partition(":")[2]), choice.max_tokens)
    head = read_head(find_head(choice.sentiment_head))
    head.check_belongs_to(choice.encoder, find_encoder(choice.encoder).weights_sha256())
    # Imported here: a driver that only names its models does not pay for torch.
    import torch

    from nightshelf.models.encoder import open_encoder

    torch.set_num_threads(threads)
    return EncoderPanel(open_encoder(choice), head)
