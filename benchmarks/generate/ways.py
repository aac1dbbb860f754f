"""The two ways to write: the engine, and transformers' `generate` prompt by prompt."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import torch
import transformers
from transformers import PreTrainedTokenizerFast

from nightshelf.engine.device import LocalDevice
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.usage import Usage
from nightshelf.host.choices import questions_of
from nightshelf.models.encoder import DTYPES
from nightshelf.models.ending import Ending
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.generator_files import find_generator
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.prompt import frame_of
from nightshelf.settings import Settings


@dataclass(frozen=True)
class Written:
    """Texts in the order of their prompts, tokens that were written, and seconds."""

    texts: Sequence[str]
    tokens: int
    cpu: float
    wall: float


class Way(Protocol):
    def write(self, contents: Sequence[str]) -> Written:
        """All of them, tokenised and decoded within the time."""


class Engine:
    """As a task of a night asks its model, but for Spark and the socket."""

    def __init__(self, choice: GeneratorChoice, settings: Settings) -> None:
        self._questions = questions_of(choice)
        self._reader, self._model = open_reader(choice), open_panel(choice)
        self._limits = Limits(
            max_padded_tokens=settings.max_padded_tokens,
            window_rows=settings.window_rows,
            max_failed_share=0,
        )

    def write(self, contents: Sequence[str]) -> Written:
        keys = [str(number) for number in range(len(contents))]
        rows = pa.RecordBatch.from_pydict(
            {"content_key": keys, "text": list(contents), "key_description": keys}
        )
        panel = Panel(
            questions=self._questions,
            reader=self._reader,
            device=LocalDevice(self._model, self._questions),
            limits=self._limits,
        )
        cpu, wall = time.process_time(), time.perf_counter()
        said = [row for _, batch in ask([rows], panel, Usage()) for row in batch.to_pylist()]
        took = time.process_time() - cpu, time.perf_counter() - wall
        said.sort(key=lambda row: int(row["key"]))
        return Written([row["text"] for row in said], sum(r["tokens_out"] for r in said), *took)


class Loop:
    """As tutorials do it: tokenise a prompt, `generate`, decode, the next one."""

    def __init__(self, choice: GeneratorChoice) -> None:
        files = find_generator(choice)
        self._limit, self._ends = choice.max_tokens, list(files.ends)
        self._frame, self._ending = frame_of(files), Ending(files)
        self._is_seq2seq = files.is_seq2seq
        self._tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(files.files.tokenizer))
        kind = "AutoModelForSeq2SeqLM" if files.is_seq2seq else "AutoModelForCausalLM"
        self._model = getattr(transformers, kind).from_pretrained(
            files.files.folder, dtype=DTYPES[choice.precision]
        )
        self._model.eval()

    def write(self, contents: Sequence[str]) -> Written:
        cpu, wall = time.process_time(), time.perf_counter()
        texts, tokens = [], 0
        for content in contents:
            ids = self._tokenizer(
                f"{self._frame.head}{content}{self._frame.tail}",
                return_tensors="pt",
                add_special_tokens=not self._frame.is_chat,
                return_token_type_ids=False,
            )
            with torch.inference_mode():
                out = self._model.generate(
                    **ids,
                    max_new_tokens=self._limit,
                    do_sample=False,
                    eos_token_id=self._ends,
                    pad_token_id=self._ends[0],
                )[0]
            written = out[1 if self._is_seq2seq else ids["input_ids"].shape[1] :].tolist()
            texts.append(self._ending.text(written))
            tokens += len(written)
        return Written(texts, tokens, time.process_time() - cpu, time.perf_counter() - wall)
