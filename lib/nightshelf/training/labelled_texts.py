"""Review texts with a sentiment known from stars or by hand, split by what they say."""

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.errors import ContractError
from nightshelf.questions.content import review_content

NEGATIVE, NEUTRAL, POSITIVE = range(3)
TRAIN, VALIDATION, TEST = PARTS = ("train", "validation", "test")
CLOTHING, UCI = SOURCES = ("clothing", "uci")
_BY_STARS = {1: NEGATIVE, 2: NEGATIVE, 3: NEUTRAL, 4: POSITIVE, 5: POSITIVE}
_BY_HAND = {0: NEGATIVE, 1: POSITIVE}


@dataclass(frozen=True)
class LabelledText:
    """`part` is train (70 %), validation (15 %, to choose by) or test (15 %, to report)."""

    source: str
    text: str
    label: int

    @property
    def part(self) -> str:
        """By a hash of letters and digits: the same words never lie on two sides."""
        folded = unicodedata.normalize("NFKC", self.text).lower()
        plain = "".join(character for character in folded if character.isalnum())
        share = int.from_bytes(hashlib.sha256(plain.encode()).digest()[:4], "big") / 2**32
        return PARTS[(share >= 0.7) + (share >= 0.85)]


def read_clothing(path: Path) -> list[LabelledText]:
    """Women's clothing reviews, by stars; raise `ContractError` for a file of another shape."""
    rows = _rows(path, ("title", "text", "rating"))
    return list(_labelled(CLOTHING, rows, "rating", _BY_STARS))


def read_uci(path: Path) -> list[LabelledText]:
    """UCI's labelled sentences, negative or positive; raise `ContractError` as above."""
    return list(_labelled(UCI, _rows(path, ("text", "label")), "label", _BY_HAND))


def _rows(path: Path, columns: Sequence[str]) -> list[dict[str, object]]:
    try:
        rows: list[dict[str, object]] = pq.read_table(path, columns=list(columns)).to_pylist()
    except (pa.ArrowException, OSError) as error:
        raise ContractError(f"{path}: not Parquet with {', '.join(columns)}: {error}") from error
    if rows and rows[0].keys() != set(columns):
        raise ContractError(f"{path}: it lacks {', '.join(sorted(set(columns) - rows[0].keys()))}")
    return rows


def _labelled(
    source: str, rows: Sequence[Mapping[str, object]], column: str, labels: Mapping[int, int]
) -> Iterator[LabelledText]:
    for row in rows:
        title, body, said = row.get("title"), row["text"], row[column]
        if said not in labels:
            raise ContractError(f"{source}: {column} is {said!r}, not one of {sorted(labels)}")
        text = review_content(str(title) if title else None, str(body))
        yield LabelledText(source, text, labels[int(str(said))])
