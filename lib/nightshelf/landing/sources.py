"""A delivered file before it is landed: its format and its columns; nothing is written here."""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.contracts.shape import BROKEN_PARQUET
from nightshelf.errors import ContractError
from nightshelf.landing.lines import read_lines
from nightshelf.landing.records import json_objects

PARQUET, CSV, JSON_LINES = "parquet", "csv", "json lines"
FORMATS = {
    ".parquet": PARQUET,
    ".csv": CSV,
    ".tsv": CSV,
    ".jsonl": JSON_LINES,
    ".ndjson": JSON_LINES,
    ".json": JSON_LINES,
}

_DELIMITERS = ",;\t|"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LINES_SAMPLED = 1_000
_LONGEST_NAME = 64


@dataclass(frozen=True)
class Source:
    """`schema`: all columns, strings in text formats; none in Parquet that is `broken`."""

    path: Path
    format: str
    schema: pa.Schema
    delimiter: str = ","
    broken: bool = False


def inspect(path: Path, fields: Collection[str]) -> Source:
    """`fields`: names that a header is likely to hold. `ContractError` says what to do."""
    format_ = FORMATS.get(path.suffix.lower())
    if not path.exists():
        raise ContractError(f"{path}: there is no such file")
    if not path.is_file():
        raise ContractError(f"{path} is not a file; name the files in it one by one")
    if format_ is None:
        raise ContractError(
            f"{path}: cannot tell the format by {path.suffix or 'a name without ending'!r};"
            f" use {', '.join(FORMATS)}"
        )
    if path.stem.startswith((".", "_")):
        raise ContractError(f"{path}: names that begin with . or _ are not data; rename the file")
    if path.stat().st_size == 0:
        raise ContractError(f"{path} is empty (0 bytes); deliver it again")
    if format_ == PARQUET:
        return _parquet_source(path)
    _refuse_other_text(path, format_)
    return _csv_source(path, fields) if format_ == CSV else _json_source(path)


def _parquet_source(path: Path) -> Source:
    try:
        return Source(path, PARQUET, pq.read_schema(path).remove_metadata())
    except BROKEN_PARQUET:
        return Source(path, PARQUET, pa.schema([]), broken=True)


def _refuse_other_text(path: Path, format_: str) -> None:
    with path.open("rb") as file:
        start = file.read(1_024)
    if start.startswith(_UTF16):
        raise ContractError(f"{path} is UTF-16; save it as UTF-8")
    if format_ == JSON_LINES and start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"["):
        raise ContractError(f"{path} is one JSON array; write one object a line instead")


def _csv_source(path: Path, fields: Collection[str]) -> Source:
    with path.open("rb") as file:
        header = next((line for line in read_lines(file) if line.text.strip()), None)
    if header is None or header.problem:
        raise ContractError(f"{path} has no header; the first line must name the columns")
    names, delimiter = max(
        ((_header(header.text, delimiter), delimiter) for delimiter in _DELIMITERS),
        key=lambda read: (len({*map(str.casefold, read[0])} & {*fields}), len(read[0])),
    )
    if not all(map(_is_name, names)):
        # It is not quoted: it may be a row.
        raise ContractError(
            f"{path}: the first line does not look like a header; it must name the columns"
        )
    return Source(path, CSV, pa.schema([(name, pa.string()) for name in names]), delimiter)


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return [name.strip() for name in next(csv.reader([text], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _is_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and not re.fullmatch(r"[-+.,\d\s]+", cell)


def _json_source(path: Path) -> Source:
    names: dict[str, None] = {}
    for value in islice(_objects(path), _LINES_SAMPLED):
        names |= dict.fromkeys(value)
    return Source(path, JSON_LINES, pa.schema([(name, pa.string()) for name in names]))


def _objects(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        for value, _ in json_objects(read_lines(file)):
            yield value
