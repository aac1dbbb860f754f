"""Put questions to a model for a stream of rows; one pass over a text answers them all."""

from collections.abc import Iterable, Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from nightshelf.answers.status import ANSWERED, FAILED
from nightshelf.engine.batching import plan_batches, windows
from nightshelf.engine.model import Answers, Failure, Model, Prepared
from nightshelf.engine.question import Question
from nightshelf.engine.recovery import answer_surviving


def ask(
    rows: Iterable[pa.RecordBatch],
    *,
    questions: Sequence[Question],
    model: Model[Prepared],
    max_padded_tokens: int,
    window_rows: int,
) -> Iterator[tuple[Question, pa.RecordBatch]]:
    """
    For every row of `rows` and every question it needs, one row of answers.

    `rows` hold `content_key`, `text` and, per question, `key_<name>`: the answer's key, or
    null where the answer is known already. Answers come sorted by length, not in the order of
    `rows`: an answer is found by its `key`, never counted off.
    """
    for window in windows(rows, rows=window_rows):
        order, outcomes, tokens = _ask_window(window, model, max_padded_tokens)
        sorted_rows = window.take(pa.array(order, pa.int64()))
        for question in questions:
            answers = _answers_to(question, sorted_rows, outcomes, tokens)
            if answers.num_rows:
                yield question, answers


def _ask_window(
    window: pa.RecordBatch, model: Model[Prepared], max_padded_tokens: int
) -> tuple[list[int], list[Answers | Failure], list[int]]:
    prepared = model.prepare(window["text"].to_pylist())
    lengths = [len(text) for text in prepared]
    order: list[int] = []
    outcomes: list[Answers | Failure] = []
    for batch in plan_batches(lengths, max_padded_tokens=max_padded_tokens):
        for row, outcome in answer_surviving(model, prepared, batch):
            order.append(row)
            outcomes.append(outcome)
    return order, outcomes, [lengths[row] for row in order]


def _answers_to(
    question: Question,
    rows: pa.RecordBatch,
    outcomes: Sequence[Answers | Failure],
    tokens: Sequence[int],
) -> pa.RecordBatch:
    reasons = [outcome.reason if isinstance(outcome, Failure) else None for outcome in outcomes]
    answers = [
        None if isinstance(outcome, Failure) else outcome[question.name] for outcome in outcomes
    ]
    key = rows[f"key_{question.name}"]
    table = pa.RecordBatch.from_pydict(
        {
            "key": key,
            "content_key": rows["content_key"],
            "status": pa.array([FAILED if reason else ANSWERED for reason in reasons]),
            "reason": pa.array(reasons, pa.string()),
            "tokens": pa.array(tokens, pa.int32()),
            **question.to_columns(answers),
        }
    )
    return table.filter(pc.is_valid(key))
