"""Lines of a text file of any size, each judged by itself: too long, or not UTF-8."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from nightshelf.contracts.malformed import INVALID_UTF8, LINE_TOO_LONG

#: Bytes; the longest text that ingest accepts fits several times over.
MAX_LINE = 4 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """`problem` is null for a sound line; the text of an unsound one means nothing."""

    text: str
    problem: str | None = None


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """Line ends stay on; a byte order mark at the start of the file does not."""
    first = True
    while data := file.readline(MAX_LINE):
        if len(data) == MAX_LINE and not data.endswith(b"\n"):
            _skip_to_line_end(file)
            yield Line("\n", LINE_TOO_LONG)
        else:
            yield _decoded(data.removeprefix(_BOM) if first else data)
        first = False


def _skip_to_line_end(file: BinaryIO) -> None:
    while (rest := file.readline(MAX_LINE)) and not rest.endswith(b"\n"):
        pass


def _decoded(data: bytes) -> Line:
    try:
        return Line(data.decode())
    except UnicodeDecodeError:
        return Line(data.decode(errors="replace"), INVALID_UTF8)
