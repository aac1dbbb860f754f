"""The worker's side of asking: Arrow in, the engine in between, Arrow out."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from nightshelf.engine.runner import ask
from nightshelf.lakehouse.tables import answers_spec
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import Panel, open_panel
from nightshelf.questions import QUESTIONS
from nightshelf.spark.contents import contents

Mapper = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]

#: Added by the driver when it appends the answers.
_WRITTEN_BY = ("model_version", "run", "wave", "answered_at")


@dataclass(frozen=True)
class Work:
    """What a worker needs to know; `models` maps a question to its model version."""

    run: str
    models: Mapping[str, str]
    choice: ModelChoice
    max_padded_tokens: int
    window_rows: int

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(self.models)


def text_schema(questions: Sequence[str]) -> pa.Schema:
    names = ("content_key", "text", *(f"key_{name}" for name in questions))
    return pa.schema(dict.fromkeys(names, pa.string()))


def answer_schema(questions: Sequence[str]) -> pa.Schema:
    """The columns of all questions side by side; those of other questions are null."""
    columns: dict[str, pa.DataType] = {"question": pa.string()}
    for name in questions:
        spec = answers_spec(QUESTIONS[name].columns)
        columns |= {n: kind for n, kind in spec.columns.items() if n not in _WRITTEN_BY}
    return pa.schema(columns)


def text_batches(dataset: str, questions: Sequence[str]) -> Mapper:
    """For mapInArrow: the columns of a version become the text that is read."""
    schema = text_schema(questions)

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            text = pa.array(contents(dataset, batch), pa.string())
            columns = {"text": text, **{n: batch[n] for n in schema.names if n != "text"}}
            yield pa.RecordBatch.from_pydict({n: columns[n] for n in schema.names}, schema)

    return read


def answer_batches(work: Work) -> Mapper:
    """For mapInArrow: texts in, one row an answer out."""
    schema = answer_schema(work.questions)

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        asked = ask(
            batches,
            questions=[QUESTIONS[name] for name in work.questions],
            model=_open(work.choice),
            max_padded_tokens=work.max_padded_tokens,
            window_rows=work.window_rows,
        )
        for question, answers in asked:
            known = {"question": pa.array([question.name] * answers.num_rows, pa.string())}
            known |= {name: answers[name] for name in answers.schema.names}
            yield pa.RecordBatch.from_arrays(
                [
                    known[item.name]
                    if item.name in known
                    else pa.nulls(answers.num_rows, item.type)
                    for item in schema
                ],
                schema=schema,
            )

    return read


@cache
def _open(choice: ModelChoice) -> Panel:
    # Spark keeps its Python workers: the next task finds the weights loaded.
    return open_panel(choice)
