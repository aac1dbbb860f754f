"""Put questions to a model for a stream of rows; one pass over a text answers them all."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from nightshelf.answers.status import ANSWERED, FAILED
from nightshelf.engine.ahead import one_ahead
from nightshelf.engine.batching import plan_batches, windows
from nightshelf.engine.budget import FailureBudget
from nightshelf.engine.checked import struct_of
from nightshelf.engine.device import Device
from nightshelf.engine.model import Failure, Reader
from nightshelf.engine.question import Question
from nightshelf.engine.recovery import Outcome, Recovery, Rows
from nightshelf.engine.tokens import Tokens
from nightshelf.engine.usage import Usage


@dataclass(frozen=True, kw_only=True)
class Limits:
    """`max_padded_tokens` a batch, at least `window_rows` a window, `max_failed_share` a task."""

    max_padded_tokens: int
    window_rows: int
    max_failed_share: float


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Who is asked what: a model's two halves, the questions that it answers, and the limits."""

    questions: Sequence[Question]
    reader: Reader
    device: Device
    limits: Limits


def ask(
    rows: Iterable[pa.RecordBatch], panel: Panel, usage: Usage
) -> Iterator[tuple[Question, pa.RecordBatch]]:
    """
    For every row of `rows` and every question it needs, one row of answers.

    `rows` hold `content_key`, `text` and, per question, `key_<name>`: the answer's key, or
    null where the answer is known already. Answers come in any order: an answer is found by its
    `key`, never counted off. The next window is read and tokenised while the device works.
    What it took is added to `usage`.
    """
    limits, device = panel.limits, panel.device
    budget = FailureBudget(limits.max_failed_share)
    recovery = Recovery(device, budget, usage)
    begun = time.perf_counter()
    for window, tokens in one_ahead(_prepared(rows, panel.reader, limits.window_rows)):
        budget.grow(len(tokens))
        batches = plan_batches(tokens.lengths, max_padded_tokens=limits.max_padded_tokens)
        outcomes = list(recovery.answer(tokens, batches))
        place = np.array([row for rows, _ in outcomes for row in rows], np.int64)
        answered_rows = window.take(pa.array(place))
        lengths = tokens.lengths[place].astype(np.int32)
        for question in panel.questions:
            answers = _answers_to(question, answered_rows, outcomes, lengths)
            if answers.num_rows:
                yield question, answers
    usage.seconds += time.perf_counter() - begun
    usage.busy_seconds += device.busy_seconds
    usage.peak_kb = max(usage.peak_kb, device.peak_kb)
    usage.restarts += device.restarts


def _prepared(
    rows: Iterable[pa.RecordBatch], reader: Reader, window_rows: int
) -> Iterator[tuple[pa.RecordBatch, Tokens]]:
    for window in windows(rows, rows=window_rows):
        yield window, reader.prepare(window["text"].to_pylist())


def _answers_to(
    question: Question,
    rows: pa.RecordBatch,
    outcomes: Sequence[tuple[Rows, Outcome]],
    lengths: NDArray[np.int32],
) -> pa.RecordBatch:
    parts: list[pa.Array] = []
    reasons: list[str | None] = []
    for part, outcome in outcomes:
        if isinstance(outcome, Failure):
            parts.append(pa.nulls(1, struct_of(question)))
            reasons.append(outcome.reason)
        else:
            parts.append(outcome[question.name])
            reasons += [None] * len(part)
    key = rows[f"key_{question.name}"]
    said = pa.concat_arrays(parts).flatten()
    table = pa.RecordBatch.from_pydict(
        {
            "key": key,
            "content_key": rows["content_key"],
            "status": pa.array([FAILED if reason else ANSWERED for reason in reasons]),
            "reason": pa.array(reasons, pa.string()),
            "tokens": pa.array(lengths),
            **dict(zip(question.columns.names, said, strict=True)),
        }
    )
    return table.filter(pc.is_valid(key))
