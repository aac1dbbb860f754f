"""A product's attributes, delivered as JSON, struct or map, as pairs of text."""

import json
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from nightshelf.ingest.text import Mask, is_sound

Pairs = list[tuple[str, str]]


class _NotAttributesError(ValueError):
    """The cell is no object of single values."""


def attributes(column: pa.Array, target: pa.DataType) -> tuple[pa.Array, Mask]:
    """
    The column as a map of strings, and which cells hold text that is not sound.

    Null where the cell is no object of single values: a list, or an object within it.
    A value that is null or empty is left out.
    """
    found: list[Pairs | None] = []
    invalid = np.zeros(len(column), bool)
    for index, cell in enumerate(column):
        try:
            pairs = _pairs(cell.as_py())
            invalid[index] = not all(is_sound(key + value) for key, value in pairs or ())
            found.append(None if invalid[index] else pairs)
        except UnicodeDecodeError:
            invalid[index] = True
            found.append(None)
        except _NotAttributesError:
            found.append(None)
    return pa.array(found, target), invalid


def _pairs(value: object) -> Pairs | None:
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value, parse_int=str, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            raise _NotAttributesError from None
    if value is None:  # JSON that says null
        return []
    if isinstance(value, Mapping):
        value = list(value.items())
    elif not (isinstance(value, list) and all(isinstance(pair, tuple) for pair in value)):
        raise _NotAttributesError
    texts = ((key.strip(), _text(single)) for key, single in value)
    # Of a key that comes twice, the last value stays, as in JSON.
    return list({key: text for key, text in texts if key and text}.items())


def _text(value: object) -> str:
    """
    >>> _text(120.0), _text(True), _text(None)
    ('120', 'true', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list | dict | tuple | bytes):
        raise _NotAttributesError
    return str(value).strip()
