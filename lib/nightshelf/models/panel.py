"""Open the models of a choice as one, so that one pass over a text answers every question."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from nightshelf import names
from nightshelf.engine.model import Answers, Model, Reader
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import SettingsError
from nightshelf.models.byte_reader import ByteReader
from nightshelf.models.choice import ModelChoice
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.classifier_files import labelling
from nightshelf.models.encoder_files import find_encoder
from nightshelf.models.fake import FakeClassifier, FakeModel, FakeReader
from nightshelf.models.faulty import FaultyModel, FaultyReader
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.reader import open_token_reader
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.models.sentiment_head import Floats, SentimentHead, find_head, read_head
from nightshelf.models.writer import open_writer, open_writer_reader

if TYPE_CHECKING:
    from nightshelf.models.encoder import Encoder


#: An encoder with what reads its vectors, a classifier, or who writes texts, here or elsewhere.
Choice = ModelChoice | ClassifierChoice | GeneratorChoice | RemoteChoice


class EncoderPanel:
    """An encoder, and a head that reads what it encoded."""

    def __init__(self, encoder: "Encoder", head: SentimentHead) -> None:
        self._encoder = encoder
        self._head = head
        self.width = encoder.width

    def answer(self, batch: Tokens) -> Answers:
        """
        Probabilities (texts, 3) and vectors of unit norm (texts, width), float32.

        Raises `BatchError`.
        """
        return self.begin(batch)()

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        """`answer` in two parts: a GPU computes from now on, and the result waits for it."""
        return partial(self._read, self._encoder.begin(batch))

    def _read(self, encoded: Callable[[], Floats]) -> Answers:
        embeddings = encoded()
        sentiments = self._head.answer(embeddings) if len(embeddings) else embeddings
        return {names.SENTIMENT: sentiments, names.EMBEDDING: embeddings}


def open_reader(choice: Choice, *, every_core: bool = False) -> Reader:
    """
    The half that tokenises, on one core or on `every_core`; imports no torch.

    Raises `SettingsError`.
    """
    if isinstance(choice, RemoteChoice):
        return ByteReader()
    if isinstance(choice, GeneratorChoice):
        return open_writer_reader(choice, every_core=every_core)
    if isinstance(choice, ModelChoice) and choice.is_faulty:
        return FaultyReader(open_reader(choice.without_faults(), every_core=every_core))
    if choice.is_fake:
        return FakeReader(choice.max_tokens)
    return open_token_reader(choice, every_core=every_core)


def open_panel(choice: Choice, *, device: str = "cpu", threads: int = 1) -> Model:
    """
    Load the half that answers into this process, whose torch then has `threads` threads.

    `device` is torch's name of it. Raises `SettingsError` where the choice names no usable model,
    `ModelError` where its files are broken or the head was trained on another encoder, `HostLost`
    where the device is not there or full.
    """
    if isinstance(choice, RemoteChoice):
        raise SettingsError(f"{choice.question} is answered elsewhere: no host can hold its model")
    if isinstance(choice, GeneratorChoice):
        return open_writer(choice, device, threads)
    if isinstance(choice, ClassifierChoice):
        return _open_classifier(choice, device, threads)
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


def _open_classifier(choice: ClassifierChoice, device: str, threads: int) -> Model:
    if choice.is_fake:
        return FakeClassifier(choice.question, labelling(choice))
    import torch

    from nightshelf.models.classifier import open_classifier

    torch.set_num_threads(threads)
    return open_classifier(choice, device)


def remember(choice: Choice) -> None:
    """
    Take the digest that `open_panel` needs; a process that is forked from this one has it.

    Raises `SettingsError` where there is no such model. A model of the hub is left alone: whoever
    looks for it may talk to the network.
    """
    if isinstance(choice, ModelChoice) and not choice.is_fake:
        place = choice.without_faults().encoder
        if not place.startswith("hub:"):
            find_encoder(place).weights_sha256()


def warm_up() -> None:
    """Import what `open_panel` needs; a process that is forked from this one has it."""
    import torch

    import nightshelf.models.encoder  # noqa: F401  wanted for what it imports

    # A fork inherits no threads: torch must not count on any.
    torch.set_num_threads(1)
