"""Cells of any type into a field's type; a cell that does not fit becomes null and is marked."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nightshelf.contracts.shape import can_be_read, is_text
from nightshelf.ingest.attributes import attributes
from nightshelf.ingest.text import Mask, sound_text, truth


@dataclass(frozen=True)
class Cast:
    """`values` in the field's type; `wrong` type and `invalid` text are null there."""

    values: pa.Array
    wrong: Mask
    invalid: Mask


def cast(column: pa.Array, target: pa.DataType) -> Cast:
    """Never raises for a cell."""
    if not can_be_read(column.type, target):
        return Cast(pa.nulls(len(column), target), truth(column.is_valid()), _none(column))
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    invalid = _none(column)
    if is_text(column.type):
        column, invalid = sound_text(column)
    if pa.types.is_map(target) and not pa.types.is_null(column.type):
        values, unsound = attributes(column, target)
        invalid |= unsound
    else:
        values = _to(target, column)
    wrong = truth(column.is_valid()) & truth(values.is_null())
    return Cast(values, wrong, invalid)


def _none(column: pa.Array) -> Mask:
    return np.zeros(len(column), bool)


def _to(target: pa.DataType, column: pa.Array) -> pa.Array:
    if pa.types.is_null(column.type) or pa.types.is_string(target):
        return column.cast(target)
    if pa.types.is_timestamp(target):
        return _instants(column, target)
    return _numbers(column)


_NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?$|^[+-]?(?i:nan|inf|infinity)$"


def _numbers(column: pa.Array) -> pa.Array:
    """Text may hold spaces; a comma is refused, since it means two things."""
    if not is_text(column.type):
        return column.cast(pa.float64(), safe=False)
    bare = pc.replace_substring_regex(column, r"[\s\x{a0}\x{2009}\x{202f}]+", "")
    sound = pc.if_else(pc.match_substring_regex(bare, _NUMBER), bare, None)
    numbers = (None if text is None else float(text) for text in sound.to_pylist())
    return pa.array(numbers, pa.float64())


_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)? ?(?:Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.ASCII | re.IGNORECASE,
)
_MILLISECONDS = re.compile(r"-?\d{11,14}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
#: Years 1 to 9999, which is what everybody downstream can hold.
_FIRST, _LAST = (
    (datetime(y, m, d, tzinfo=UTC) - _EPOCH) // _MICROSECOND
    for y, m, d in ((1, 1, 2), (9999, 12, 31))
)
_UNITS = {"s": 1_000_000, "ms": 1_000, "us": 1}


def _instants(column: pa.Array, target: pa.DataType) -> pa.Array:
    """Text by ISO 8601, integers as milliseconds since 1970; without a zone it is UTC."""
    if is_text(column.type):
        micros = pa.array(map(_instant, column.to_pylist()), pa.int64())
        return micros.cast(target)
    if pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("s"), safe=False)
    unit = column.type.unit if pa.types.is_timestamp(column.type) else "ms"
    ticks = column.cast(pa.int64(), safe=False)
    if unit == "ns":
        return pc.divide(ticks, 1_000).cast(target)
    factor = _UNITS[unit]
    fits = pc.and_(pc.greater_equal(ticks, _FIRST // factor), pc.less_equal(ticks, _LAST // factor))
    return pc.multiply(pc.if_else(fits, ticks, None), factor).cast(target)


def _instant(text: str | None) -> int | None:
    """Microseconds since 1970."""
    text = (text or "").strip()
    if _MILLISECONDS.fullmatch(text):
        micros = int(text) * 1_000
        return micros if _FIRST <= micros <= _LAST else None
    if not _INSTANT.fullmatch(text):
        return None
    try:
        # That Python reads a space before the zone is written nowhere.
        parsed = datetime.fromisoformat(text.upper().replace(" +", "+").replace(" Z", "Z"))
        zoned = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return (zoned - _EPOCH) // _MICROSECOND
    except (ValueError, OverflowError):  # no such day, or a zone that leaves year 1 to 9999
        return None
