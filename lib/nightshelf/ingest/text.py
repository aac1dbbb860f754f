"""Which cells hold text at all: sound Unicode, and something to read."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask: TypeAlias = npt.NDArray[np.bool_]

#: White space, control and invisible characters, and letters that are drawn as nothing.
_BLANK = r"^[\s\p{Z}\p{C}\x{034f}\x{115f}\x{1160}\x{2800}\x{3164}\x{fe0e}\x{fe0f}\x{ffa0}]*$"


def truth(booleans: pa.Array) -> Mask:
    """Arrow's booleans as a NumPy mask; null is false."""
    filled = pc.fill_null(booleans, pa.scalar(value=False))
    return np.asarray(filled.to_numpy(zero_copy_only=False), bool)


def sound_text(column: pa.Array) -> tuple[pa.Array, Mask]:
    """
    A text column as `string`, blank cells as null, and which cells are not sound text.

    Not sound: bytes that are no UTF-8 (a lone half of a surrogate pair among them) and U+0000;
    such a cell is null, too.
    """
    try:
        column.validate(full=True)
        undecodable = np.zeros(len(column), bool)
    except pa.ArrowInvalid:
        column, undecodable = _decoded(column)
    column = column.cast(pa.string())
    invalid = undecodable | truth(pc.match_substring(column, "\0"))
    blank = truth(pc.match_substring_regex(column, _BLANK))
    return pc.if_else(pa.array(invalid | blank), None, column), invalid


def _decoded(column: pa.Array) -> tuple[pa.Array, Mask]:
    """Cell by cell, for the rare batch in which some cell is no UTF-8."""
    cells = [text_or_none(cell) for cell in column]
    array = pa.array(cells, pa.string())
    return array, truth(column.is_valid()) & truth(array.is_null())


def text_or_none(cell: pa.Scalar) -> str | None:
    """The cell's text; null where it is null or cannot be decoded."""
    try:
        text: str | None = cell.as_py()
    except UnicodeDecodeError:
        return None
    return text


def is_sound(text: str) -> bool:
    """
    >>> is_sound("hello"), is_sound(chr(0xd800)), is_sound(chr(0))
    (True, False, False)
    """
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)
