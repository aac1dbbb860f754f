"""The worker's side of asking: Arrow in, the engine in between, Arrow out."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pyarrow as pa

from nightshelf.engine.model import Reader
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.usage import Usage
from nightshelf.host.client import HostDevice
from nightshelf.host.folder import HostFolder
from nightshelf.host.progress import told
from nightshelf.host.start import HostLimits, host_of
from nightshelf.lakehouse.tables import answers_spec
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_reader
from nightshelf.questions import QUESTIONS
from nightshelf.spark.contents import contents
from nightshelf.spark.slot import own_slot

Mapper = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]

#: Added by the driver when it appends the answers.
_WRITTEN_BY = ("model_version", "run", "wave", "answered_at")

#: In place of a question's name: the row that says what a task has used, as JSON.
USAGE = "usage"


@dataclass(frozen=True)
class Work:
    """
    What a worker needs to know; `models` maps a question to its model version.

    `slots` is how many workers share a machine without a GPU.
    """

    run: str
    models: Mapping[str, str]
    choice: ModelChoice
    limits: Limits
    home: Path
    host: HostLimits
    slots: int

    @property
    def questions(self) -> tuple[str, ...]:
        return tuple(self.models)


def text_schema(questions: Sequence[str]) -> pa.Schema:
    names = ("content_key", "text", *(f"key_{name}" for name in questions))
    return pa.schema(dict.fromkeys(names, pa.string()))


def answer_schema(questions: Sequence[str]) -> pa.Schema:
    """The columns of all questions side by side; those of other questions are null."""
    columns: dict[str, pa.DataType] = {"question": pa.string(), USAGE: pa.string()}
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
    """For mapInArrow: texts in, one row an answer out, and one that says what it took."""
    schema = answer_schema(work.questions)

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        questions = [QUESTIONS[name] for name in work.questions]
        folder = HostFolder.of(work.home)
        folder.make()
        usage = Usage()
        with own_slot(folder, work.slots) as slot, told(folder, slot, usage):
            connect = partial(host_of, folder, slot, work.host, warm=not work.choice.is_fake)
            device = HostDevice(connect, work.choice, questions)
            try:
                panel = Panel(
                    questions=questions,
                    reader=_reader(work.choice),
                    device=device,
                    limits=work.limits,
                )
                for question, answers in ask(batches, panel, usage):
                    known = {name: answers[name] for name in answers.schema.names}
                    yield _row_of_all(schema, answers.num_rows, question.name, known)
            finally:
                device.close()
        said = {USAGE: pa.array([json.dumps(usage.as_dict())], pa.string())}
        yield _row_of_all(schema, 1, USAGE, said)

    return read


def _row_of_all(
    schema: pa.Schema, rows: int, question: str, known: Mapping[str, pa.Array]
) -> pa.RecordBatch:
    columns = {**known, "question": pa.array([question] * rows, pa.string())}
    arrays = [columns.get(item.name, pa.nulls(rows, item.type)) for item in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


@cache
def _reader(choice: ModelChoice) -> Reader:
    # Spark keeps its Python workers: the next task finds the tokenizer loaded.
    return open_reader(choice)
