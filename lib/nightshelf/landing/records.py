"""Rows of CSV and JSON Lines as cells of text; a line that cannot be read is still a row."""

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from nightshelf.contracts.malformed import (
    INVALID_JSON,
    INVALID_TEXT,
    NOT_AN_OBJECT,
    NOT_CSV,
    WRONG_CELL_COUNT,
    WRONG_TYPE,
)
from nightshelf.landing.lines import MAX_LINE, Line


class Record(NamedTuple):
    """Either cells, or the code of what was wrong with the line."""

    cells: Sequence[str | None]
    problem: str | None = None


class _Feed:
    """
    Hands lines to `csv.reader` and remembers which it took for one record.

    A record that swallowed further lines in vain (a quote never closed) gives them back.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[Line] = deque()
        self.taken: list[Line] = []
        self._length = 0

    def begin(self) -> bool:
        """Start a record; false at the end of the file."""
        self.taken, self._length = [], 0
        if not self._waiting:
            self._waiting.extend(line for line in [next(self._lines, None)] if line)
        return bool(self._waiting)

    def give_back(self) -> None:
        """All but the first line of this record."""
        self._waiting.extendleft(reversed(self.taken[1:]))

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self._length > MAX_LINE:
            raise StopIteration
        line = self._waiting.popleft() if self._waiting else next(self._lines)
        self.taken.append(line)
        self._length += len(line.text)
        return line.text


def csv_records(
    lines: Iterable[Line], delimiter: str, width: int | None = None
) -> Iterator[Record]:
    """Records by RFC 4180, blank lines left out; with `width`, others are a problem."""
    csv.field_size_limit(MAX_LINE)
    feed = _Feed(lines)
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    while feed.begin():
        try:
            cells, problem = next(reader), None
        except csv.Error:
            cells, problem = [], NOT_CSV
        if not problem and width is not None and len(cells) != width:
            problem = WRONG_CELL_COUNT
        if problem:
            feed.give_back()
        unread = next((line.problem for line in feed.taken if line.problem), None)
        if unread or "".join(line.text for line in feed.taken[:2]).strip():
            yield Record(cells, unread or problem)


def json_objects(lines: Iterable[Line]) -> Iterator[tuple[dict[str, object], str | None]]:
    """One object a line, numbers kept as they are written; blank lines are left out."""
    for line in lines:
        if line.problem:
            yield {}, line.problem
        elif line.text.strip():
            yield _json_object(line.text)


def _json_object(text: str) -> tuple[dict[str, object], str | None]:
    try:
        value = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return {}, INVALID_JSON
    return (value, None) if isinstance(value, dict) else ({}, NOT_AN_OBJECT)


def json_record(
    value: Mapping[str, object], columns: Mapping[str, str], schema: pa.Schema
) -> Record:
    """The cells of an object, field by field; `columns` maps field to key."""
    cells = {field: _cell(value.get(key)) for field, key in columns.items()}
    for field, key in columns.items():
        nested = isinstance(value.get(key), list | dict)
        if nested and not pa.types.is_map(schema.field(field).type):
            return Record((), f"{WRONG_TYPE}{field}")
        if not _is_encodable(cells[field]):
            return Record((), INVALID_TEXT)
    return Record(tuple(cells.values()))


def _cell(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_encodable(text: str | None) -> bool:
    try:
        (text or "").encode()
    except UnicodeEncodeError:  # an escaped half of a surrogate pair
        return False
    return True
