"""Write a text for each product with a language model, many rows at a time."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

import torch
from torch import Tensor

from nightshelf.answers.status import LENGTH, STOP
from nightshelf.engine.model import Answers
from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.models.device_errors import as_batch_errors, check_gpu, while_loading
from nightshelf.models.encoder import DTYPES
from nightshelf.models.ending import Ending
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import GeneratorFiles, find_generator
from nightshelf.models.picking import Picker
from nightshelf.models.prompt import PromptReader, language_of
from nightshelf.models.room import Draft, Room
from nightshelf.models.transfer import CPU
from nightshelf.models.transformer import load_module
from nightshelf.names import DESCRIPTION


class Batch(Protocol):
    """Rows under way; `logits` (rows, vocabulary) are those of each row's next token."""

    logits: Tensor

    def step(self, tokens: Sequence[int]) -> None:
        """One token more for each row that is left."""

    def keep(self, kept: Sequence[int]) -> list[int]:
        """Drop all other rows; the places that those that stay had before, in their new order."""


class Network(Protocol):
    def start(self, prompts: Sequence[Ids], room: int) -> Batch:
        """Read the prompts; there is room for so many tokens more."""


class Generator:
    """
    A draft a row; greedy unless the choice has a temperature.

    A row that has ended leaves the batch, so that a long one does not keep the others waiting.
    In fp32 a row's text is the same in whatever batch it is, but where two tokens are equally
    likely to six digits: matrices of other sizes are summed in another order.
    """

    width = 0

    def __init__(
        self,
        choice: GeneratorChoice,
        files: GeneratorFiles,
        head: Sequence[int],
        network: Network,
    ) -> None:
        self._choice, self._network = choice, network
        self._ending = Ending(files)
        self._room = Room(choice, files, len(head))

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        """Each token depends on the one before, so that nothing is computed ahead."""
        return partial(self.answer, batch)

    def answer(self, batch: Tokens) -> Answers:
        """
        Drafts in the order of the batch, in rows as `PromptReader` makes them.

        Raises `OutOfMemory` where the batch is too large, and `UnanswerableRow` where one of its
        prompts leaves no room for a text, asks for no language, or leads to what is not a number.
        """
        if not len(batch):
            return {DESCRIPTION: []}
        prompts = self._room.prompts(batch)
        with torch.inference_mode(), as_batch_errors():
            written = self._write(prompts)
        return {DESCRIPTION: [self._draft(*row) for row in zip(batch, written, strict=True)]}

    def _write(self, prompts: Sequence[Ids]) -> list[list[int]]:
        picker = Picker(prompts, self._choice.temperature, self._choice.seed)
        written: list[list[int]] = [[] for _ in prompts]
        batch = self._network.start(prompts, self._choice.max_tokens)
        live = list(range(len(prompts)))
        while True:
            for row, token in zip(live, picker.pick(batch.logits, live), strict=True):
                written[row].append(token)
            going = [place for place, row in enumerate(live) if self._goes_on(written[row])]
            if not going:
                return written
            if len(going) < len(live):
                live = [live[place] for place in batch.keep(going)]
            batch.step([written[row][-1] for row in live])

    def _goes_on(self, written: Sequence[int]) -> bool:
        return len(written) < self._choice.max_tokens and not self._ending.is_reached(written)

    def _draft(self, ids: Ids, written: Sequence[int]) -> Draft:
        finish = STOP if self._ending.is_reached(written) else LENGTH
        read = self._room.shared + len(ids) - 1
        return self._ending.text(written), language_of(ids), finish, read, len(written)


def open_generator(choice: GeneratorChoice, device: str = "cpu") -> Generator:
    """
    Raise `SettingsError` or `ModelError` for a model that cannot be loaded as chosen, and
    `HostLost` for a device that cannot take it.
    """
    found, place = find_generator(choice), torch.device(device)
    head = PromptReader(found).head
    if place != CPU:
        check_gpu()
    with while_loading(choice.generator):
        network = _network(choice, found, head, place)
    return Generator(choice, found, head, network)


def _network(
    choice: GeneratorChoice, files: GeneratorFiles, head: Sequence[int], device: torch.device
) -> Network:
    # Imported here: they import transformers.
    from nightshelf.models.causal import CausalNetwork
    from nightshelf.models.seq2seq import Seq2SeqNetwork

    kind = "AutoModelForSeq2SeqLM" if files.is_seq2seq else "AutoModelForCausalLM"
    module = load_module(files.files, kind, DTYPES[choice.precision], device)
    if files.is_seq2seq:
        return Seq2SeqNetwork(module, files.start, device)
    return CausalNetwork(module, head if files.shares_prefix else (), device)
