"""Open the models of a choice as one, so that one pass over a text answers every question."""

from typing import TYPE_CHECKING

from nightshelf import names
from nightshelf.engine.model import Answers, Model, Reader
from nightshelf.engine.tokens import Tokens
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder
from nightshelf.models.fake import FakeModel, FakeReader
from nightshelf.models.faulty import FaultyModel, FaultyReader
from nightshelf.models.reader import open_token_reader
from nightshelf.models.sentiment_head import SentimentHead, find_head, read_head

if TYPE_CHECKING:
    from nightshelf.models.encoder import Encoder


class EncoderPanel:
    """An encoder, and a head that reads what it encoded."""

    def __init__(self, encoder: "Encoder", head: SentimentHead) -> None:
        self._encoder = encoder
        self._head = head
        self.width = encoder.width

    def answer(self, batch: Tokens) -> list[Answers]:
        """Per text a `Sentiment` and a float32 vector of unit norm; raises `BatchError`."""
        if not len(batch):
            return []
        embeddings = self._encoder.embed(batch)
        sentiments = self._head.answer(embeddings)
        return [
            {names.SENTIMENT: sentiment, names.EMBEDDING: embedding}
            for sentiment, embedding in zip(sentiments, embeddings, strict=True)
        ]


def open_reader(choice: ModelChoice) -> Reader:
    """The half that tokenises; imports no torch. Raises `SettingsError`."""
    if choice.is_faulty:
        return FaultyReader(open_reader(choice.without_faults()))
    if choice.is_fake:
        return FakeReader(choice.max_tokens)
    return open_token_reader(choice)


def open_panel(choice: ModelChoice, *, device: str = "cpu", threads: int = 1) -> Model:
    """
    Load the half that answers into this process, whose torch then has `threads` threads.

    `device` is torch's name of it. Raises `SettingsError` where the choice names no usable model,
    `ModelError` where its files are broken or the head was trained on another encoder.
    """
    if choice.is_faulty:
        plain = choice.without_faults()
        return FaultyModel(open_panel(plain, device=device, threads=threads))
    if choice.is_fake:
        return FakeModel(choice.fake_dimensions)
    head = read_head(find_head(choice.sentiment_head))
    head.check_belongs_to(choice.encoder, find_encoder(choice.encoder).weights_sha256())
    # Imported here: a driver that only names its models does not pay for torch.
    import torch

    from nightshelf.models.encoder import open_encoder

    torch.set_num_threads(threads)
    return EncoderPanel(open_encoder(choice, device), head)


def warm_up() -> None:
    """Import what `open_panel` needs; a process that is forked from this one has it."""
    import torch

    import nightshelf.models.encoder  # noqa: F401  wanted for what it imports

    # A fork inherits no threads: torch must not count on any.
    torch.set_num_threads(1)
