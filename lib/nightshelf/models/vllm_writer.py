"""Write a text for each product with vLLM, in this process."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from nightshelf.answers.status import LENGTH, STOP
from nightshelf.engine.model import Answers
from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.errors import (
    HostKilled,
    HostLost,
    ModelRaised,
    NightshelfError,
    UnanswerableRow,
    WrongAnswer,
)
from nightshelf.models.device_errors import as_batch_errors
from nightshelf.models.ending import Ending
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import GeneratorFiles
from nightshelf.models.picking import row_seed
from nightshelf.models.prompt import language_of
from nightshelf.models.room import Draft, Room
from nightshelf.names import DESCRIPTION

#: It takes seeds of 64 bits with a sign.
_SEEDS = 1 << 63


class VllmWriter:
    """
    A draft a row, as `generator.Generator` gives it: the same tokens in, the same ends of a text.

    vLLM batches by itself, and promises no row the same text in another batch.
    """

    width = 0

    def __init__(
        self,
        choice: GeneratorChoice,
        files: GeneratorFiles,
        head: Sequence[int],
        vllm: Any,  # noqa: ANN401  the module
        llm: Any,  # noqa: ANN401  its `LLM`, open
    ) -> None:
        self._choice, self._llm = choice, llm
        self._room, self._ending = Room(choice, files, len(head)), Ending(files)
        # vLLM computes what prompts share once, if it is given all of each.
        self._before = list(head) if files.shares_prefix else []
        self._vocabulary = int(files.files.config["vocab_size"])
        self._sampling = sampling_of(choice, files, vllm)
        self._prompt = vllm.TokensPrompt

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        """vLLM computes while it is waited for, so that nothing is computed ahead."""
        return partial(self.answer, batch)

    def answer(self, batch: Tokens) -> Answers:
        """
        Drafts in the order of the batch, in rows as `PromptReader` makes them.

        Raises `UnanswerableRow` where one of its prompts leaves no room for a text, asks for no
        language, holds a token that the model has not, or is refused by vLLM; `WrongAnswer` for
        what is no text of it; and `HostKilled` where vLLM fails while it computes: it goes on with
        nothing after that.
        """
        if not len(batch):
            return {DESCRIPTION: []}
        own = self._room.prompts(batch)
        # vLLM without a tokenizer does not look: its kernels would end the process.
        if any(ids.max(initial=0) >= self._vocabulary for ids in own):
            raise UnanswerableRow
        prompts = [[*self._before, *ids.tolist()] for ids in own]
        written = self._checked(self._written(batch, prompts), prompts)
        return {DESCRIPTION: [self._draft(*row) for row in zip(batch, written, strict=True)]}

    def _written(self, batch: Tokens, prompts: Sequence[list[int]]) -> Sequence[Any]:
        if self._llm.llm_engine.has_unfinished_requests():
            raise HostKilled  # of a batch that it failed in: they would be answered with this one
        draws = self._choice.temperature > 0
        params = [
            self._sampling(seed=row_seed(ids[1:], self._choice.seed) % _SEEDS if draws else None)
            for ids in batch
        ]
        asked = [self._prompt(prompt_token_ids=ids) for ids in prompts]
        try:
            with as_batch_errors():
                found: Sequence[Any] = self._llm.generate(asked, params, use_tqdm=False)
        except (HostLost, HostKilled):
            raise
        # Other people's code on untrusted text; a host that is fresh makes good what it broke.
        except Exception as error:
            if self._llm.llm_engine.has_unfinished_requests():
                raise HostKilled from None
            if isinstance(error, NightshelfError):
                raise
            if isinstance(error, TypeError | AttributeError):
                raise ModelRaised(type(error).__name__) from None
            # It looks at all prompts before it computes anything, and has refused one.
            raise UnanswerableRow from None
        return found

    def _checked(self, found: Sequence[Any], prompts: Sequence[list[int]]) -> list[list[int]]:
        """The tokens that were written to each prompt; they end as texts do, or at the limit."""
        if len(found) != len(prompts):
            raise WrongAnswer(f"{len(found)} texts to {len(prompts)} prompts")
        written = []
        for one, prompt in zip(found, prompts, strict=True):
            if list(one.prompt_token_ids or ()) != prompt or len(one.outputs) != 1:
                raise WrongAnswer("a text to another prompt")
            said = one.outputs[0]
            if said.finish_reason not in (STOP, LENGTH) or not len(said.token_ids):
                raise WrongAnswer(f"a text that ended by {said.finish_reason}")
            written.append(list(said.token_ids))
        return written

    def _draft(self, ids: Ids, written: Sequence[int]) -> Draft:
        # It stops at tokens only; a blank line that ends a text is found here.
        ends = (n for n in range(1, len(written) + 1) if self._ending.is_reached(written[:n]))
        end = next(ends, None)
        kept = written[:end]
        read = self._room.shared + len(ids) - 1
        return self._ending.text(kept), language_of(ids), STOP if end else LENGTH, read, len(kept)


def sampling_of(choice: GeneratorChoice, files: GeneratorFiles, vllm: Any) -> partial[Any]:  # noqa: ANN401
    """`SamplingParams` of a row, but for its seed."""
    return partial(
        vllm.SamplingParams,
        temperature=choice.temperature,
        max_tokens=choice.max_tokens,
        # These ends and no others: the model's own settings are not read.
        stop_token_ids=list(files.ends),
        ignore_eos=True,
        detokenize=False,
    )
