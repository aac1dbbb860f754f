"""Any model, made to fail as models do, where a text tells it to: for tests and benchmarks."""

import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from nightshelf.engine.model import Answers, Model, Reader
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import HostKilled, HostLost, OutOfMemory
from nightshelf.names import EMBEDDING

#: Starts the words that make it fail; another model reads them as any word.
MARK = "⚡"
#: A text that holds one of these words makes the model fail in that way.
KINDS = ("raise", "memory", "kill", "segfault", "hang", "nan", "size", "short", "lost", "assert")
_HANG_SECONDS = 3_600.0


def poison(kind: str) -> str:
    """
    The word that makes a faulty model fail so.

    >>> poison("hang")
    '⚡hang'
    """
    return MARK + kind


class FaultyReader:
    """Puts a negative number before the tokens of a poisonous text, which no tokenizer uses."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def prepare(self, texts: Sequence[str]) -> Tokens:
        cleaned, marks = [], []
        for text in texts:
            found = [n for n, kind in enumerate(KINDS, start=1) if poison(kind) in text]
            marks.append([-number for number in found[:1]])
            for number in found:
                text = text.replace(poison(KINDS[number - 1]), "")
            cleaned.append(text)
        tokens = self._reader.prepare(cleaned)
        return Tokens.from_rows([[*mark, *ids] for mark, ids in zip(marks, tokens, strict=True)])


class FaultyModel:
    def __init__(self, model: Model) -> None:
        self._model = model
        self.width = model.width

    def begin(self, batch: Tokens) -> Callable[[], Answers]:
        return partial(self.answer, batch)

    def answer(self, batch: Tokens) -> Answers:
        marks = {row: -int(ids[0]) for row, ids in enumerate(batch) if len(ids) and ids[0] < 0}
        if not marks:
            return self._model.answer(batch)
        kinds = {row: KINDS[mark - 1] for row, mark in marks.items()}
        for kind in KINDS:
            if kind in _ENDS and kind in kinds.values():
                _ENDS[kind]()
        plain = [ids[1:] if row in kinds else ids for row, ids in enumerate(batch)]
        said = self._model.answer(Tokens.from_rows(plain))
        answers = {name: list(of_each) for name, of_each in said.items()}
        # The last one first: `short` moves those behind it.
        for row in sorted(kinds, reverse=True):
            _SPOILS[kinds[row]](answers, row)
        return answers


def _raise() -> None:
    raise ZeroDivisionError("a bug in the model")


def _out_of_memory() -> None:
    raise OutOfMemory


def _lost() -> None:
    raise HostLost("the GPU is gone")


def _assert() -> None:
    raise HostKilled


_ENDS: dict[str, Callable[[], None]] = {
    "raise": _raise,
    "memory": _out_of_memory,
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "hang": lambda: time.sleep(_HANG_SECONDS),
    "lost": _lost,
    "assert": _assert,
}


_Spoilt = dict[str, list[Any]]


def _not_finite(answers: _Spoilt, place: int) -> None:
    vectors = answers[EMBEDDING]
    vectors[place] = np.full_like(vectors[place], np.nan)


def _wrong_size(answers: _Spoilt, place: int) -> None:
    vectors = answers[EMBEDDING]
    vectors[place] = np.append(vectors[place], vectors[place][:1])


def _missing(answers: _Spoilt, place: int) -> None:
    for of_each in answers.values():
        del of_each[place]


_SPOILS: dict[str, Callable[[_Spoilt, int], None]] = {
    "nan": _not_finite,
    "size": _wrong_size,
    "short": _missing,
}
