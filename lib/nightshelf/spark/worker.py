"""The worker's side of asking: Arrow in, the engine in between, Arrow out."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pyarrow as pa

from nightshelf.engine.model import Reader
from nightshelf.engine.question import Question
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.usage import Usage
from nightshelf.host.choices import questions_of
from nightshelf.host.client import CPU_DEPTH, GPU_DEPTH, HostDevice
from nightshelf.host.folder import HostFolder
from nightshelf.host.progress import told
from nightshelf.host.slots import gpu_of
from nightshelf.host.start import HostLimits, host_of
from nightshelf.lakehouse.tables import answers_spec
from nightshelf.models.panel import Choice, open_reader
from nightshelf.shelf.published import Lane
from nightshelf.spark.contents import contents_of
from nightshelf.spark.slot import Places, own_slot

Mapper = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]

#: Added by the driver when it appends the answers.
_WRITTEN_BY = ("model_version", "run", "wave", "answered_at")

#: In place of a question's name: the row that says what a task has used, as JSON.
USAGE = "usage"


@dataclass(frozen=True)
class Work:
    """What a worker needs to know; `models` maps a question to its model version."""

    run: str
    models: Mapping[str, str]
    choice: Choice
    limits: Limits
    home: Path
    host: HostLimits
    places: Places

    @property
    def questions(self) -> tuple[Question, ...]:
        """In the order of `models`; raises `SettingsError` where the model is not there."""
        known = {question.name: question for question in questions_of(self.choice)}
        return tuple(known[name] for name in self.models)


def text_schema(questions: Sequence[str]) -> pa.Schema:
    names = ("content_key", "text", *(f"key_{name}" for name in questions))
    return pa.schema(dict.fromkeys(names, pa.string()))


def answer_schema(questions: Sequence[Question]) -> pa.Schema:
    """The columns of all questions side by side; those of other questions are null."""
    columns: dict[str, pa.DataType] = {"question": pa.string(), USAGE: pa.string()}
    for question in questions:
        spec = answers_spec(question.columns)
        columns |= {n: kind for n, kind in spec.columns.items() if n not in _WRITTEN_BY}
    return pa.schema(columns)


def text_batches(lane: Lane, questions: Sequence[str]) -> Mapper:
    """For mapInArrow: the columns of the lane's rows become the text that is read."""
    schema = text_schema(questions)

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            text = pa.array(contents_of(lane, batch), pa.string())
            columns = {"text": text, **{n: batch[n] for n in schema.names if n != "text"}}
            yield pa.RecordBatch.from_pydict({n: columns[n] for n in schema.names}, schema)

    return read


def answer_batches(work: Work) -> Mapper:
    """For mapInArrow: texts in, one row an answer out, and one that says what it took."""
    schema = answer_schema(work.questions)

    def read(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        questions = work.questions
        folder = HostFolder.of(work.home)
        folder.make()
        usage = Usage()
        with own_slot(folder, work.places) as slot, told(folder, slot, usage):
            connect = partial(host_of, folder, slot, work.host, work.choice)
            depth = GPU_DEPTH if gpu_of(slot) else CPU_DEPTH
            device = HostDevice(connect, work.choice, questions, depth)
            try:
                panel = Panel(
                    questions=questions,
                    # Who has a GPU to himself has the executor's cores as well: no other task that
                    # asks runs beside him.
                    reader=reader_of(work.choice, not work.places.slots),
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
def reader_of(choice: Choice, every_core: bool = False) -> Reader:  # noqa: FBT001, FBT002  a key
    # Spark keeps its Python workers: the next task finds the tokenizer loaded.
    return open_reader(choice, every_core=every_core)
