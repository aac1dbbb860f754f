"""Texts with invented people whose names and addresses are marked: the data set pii_presidio."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from nightshelf.privacy.spans import Span

_FOLDER = "pii_presidio"
_SLOT = re.compile(r"\{\{[^}]*\}\}")
TUNED, REPORTED = HALVES = ("tuned", "reported")


@dataclass(frozen=True)
class Marked:
    """A text and what is personal in it; a span's `kind` is the data set's own word."""

    text: str
    spans: tuple[Span, ...]


def read_marked(folder: Path, half: str) -> list[Marked]:
    """One half of the texts, in the order of the file; all texts of a template are in one half."""
    rows = pq.read_table(folder / _FOLDER / "texts.parquet").to_pylist()
    return [
        Marked(row["text"], tuple(_spans(row["spans"])))
        for row in rows
        if half_of(row["masked"]) == half
    ]


def half_of(template: str) -> str:
    """
    By a hash of the template's own words: rules were made by looking at the `tuned` half alone.

    >>> half_of("I am {{PERSON}}.") == half_of("i am {{name}}")
    True
    """
    words = re.sub(r"\W+", " ", _SLOT.sub(" ", template)).lower().strip()
    return HALVES[hashlib.sha256(words.encode()).digest()[0] % 2]


def _spans(marked: str) -> Sequence[Span]:
    return [Span(one["start"], one["end"], one["type"]) for one in json.loads(marked)]
