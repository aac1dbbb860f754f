"""The texts that all ways read: real reviews, or invented ones that are as long."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nightshelf.engine.model import Reader
from nightshelf.models.faulty import poison
from nightshelf.questions import QUESTIONS

#: Tokens of 42,000 English reviews at 0, 5, … 100% of them: what an invented one is made to have.
TOKENS_AT = (
    *(3, 13, 15, 17, 19, 21, 23, 26, 29, 33, 37),
    *(42, 48, 55, 63, 73, 85, 99, 115, 124, 256),
)
_COMMON = (
    "the and i it to a is for this my in of was but on with so have that not very great love "
    "good size as just like would too fit well dress are color you one wear be me really they "
    "had more small get at when use all if out up can than no will time price top quality "
    "bought nice look little bit soft also because from only made after even before got perfect "
    "much fabric easy cheap screen sound battery work works used kids book tablet light day"
)
#: One token each, the commonest first.
WORDS = _COMMON.split()
_FILES = 2


@dataclass(frozen=True)
class Corpus:
    """Distinct texts in an order that follows from nothing but themselves, and where from."""

    texts: Sequence[str]
    origin: str


class Lengths:
    """How many tokens the first rows have; the texts recur where there are more rows than texts."""

    def __init__(self, corpus: Corpus, reader: Reader) -> None:
        self._summed = list(accumulate(reader.prepare(corpus.texts).lengths.tolist()))

    def tokens(self, rows: int) -> int:
        rounds, rest = divmod(rows, len(self._summed))
        return int(rounds * self._summed[-1] + (self._summed[rest - 1] if rest else 0))


def read_corpus(folder: Path | None) -> Corpus:
    """Of the tables `reviews_*/reviews.parquet` in `folder`; invented where there are none."""
    paths = sorted(folder.glob("reviews_*/reviews.parquet")) if folder else []
    found = {path.parent.name: texts for path in paths if (texts := _texts(path))}
    if not found:
        return invented(40_000)
    texts = {text for part in found.values() for text in part}
    ordered = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    return Corpus(ordered, f"{len(ordered):,} distinct real reviews ({', '.join(found)})")


def _texts(path: Path) -> list[str]:
    """None where most are in letters that an English tokenizer does not know."""
    found = pq.read_table(path, columns=["text"])["text"].drop_null().to_pylist()
    texts = [text for text in found if text]
    plain = [text for text in texts if sum(map(str.isascii, text)) > 0.9 * len(text)]
    return texts if len(plain) > len(texts) / 2 else []


def invented(rows: int) -> Corpus:
    source = random.Random(7)  # noqa: S311  nothing secret depends on it
    texts = []
    for number in range(rows):
        # The two tokens at its ends, and a number that makes it distinct, are not words.
        words = max(1, round(_at(source.random())) - 4)
        text = " ".join(source.choices(WORDS, [1 / (n + 4) for n in range(len(WORDS))], k=words))
        texts.append(f"{text} {number}")
    return Corpus(texts, f"{rows:,} invented reviews with the lengths of real ones")


def _at(share: float) -> float:
    """Between two of the lengths that are known, in proportion."""
    place = share * (len(TOKENS_AT) - 1)
    below = min(int(place), len(TOKENS_AT) - 2)
    return TOKENS_AT[below] + (place - below) * (TOKENS_AT[below + 1] - TOKENS_AT[below])


def write(corpus: Corpus, folder: Path, rows: int, kind: str = "") -> Path:
    """
    The first `rows` rows as Parquet, in a file a slot; the number in its name is of its rows.

    `kind` poisons one row, at two fifths, so that much lies before and much behind it.
    """
    folder.mkdir(parents=True)
    sick = rows * 2 // 5 if kind else -1
    for part in range(_FILES):
        numbers = range(part, rows, _FILES)
        texts = [corpus.texts[row % len(corpus.texts)] for row in numbers]
        if sick in numbers:
            texts[numbers.index(sick)] += f" {poison(kind)}"
        keys = [hashlib.sha256(b"%d" % row).hexdigest() for row in numbers]
        columns = {"content_key": keys, "text": texts}
        columns |= {f"key_{name}": keys for name in QUESTIONS}
        pq.write_table(pa.table(columns), folder / f"{part}-{len(numbers)}.parquet")
    return folder
