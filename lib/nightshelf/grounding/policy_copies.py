"""Whether a text repeats a passage of another row; rows are known by fingerprints alone."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nightshelf.grounding.policy_text import words_of

#: Words of a shingle, and so many in a row make a passage: 12 words, or 12 Han characters.
SHINGLE, PASSAGE = 6, 7
#: What more rows than that say alike is how one says it, and nobody's.
MOST_ROWS = 2


@dataclass(frozen=True)
class Fingerprints:
    """
    Hashes of all runs of `SHINGLE` words, with the row that they are of; no text is kept.

    After the idea of winnowing (Schleimer, Wilkerson, Aiken: Winnowing, 2003), without its gaps.
    """

    rows: dict[int, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str]]) -> "Fingerprints":
        """Of (row's id, text). What more than `MOST_ROWS` rows say is left out."""
        found: dict[int, set[str]] = {}
        for row, text in texts:
            for shingle in shingles(text):
                said_by = found.setdefault(shingle, set())
                if len(said_by) <= MOST_ROWS:
                    said_by.add(row)
        return cls({one: frozenset(by) for one, by in found.items() if len(by) <= MOST_ROWS})

    def is_copied(self, text: str, row: str) -> bool:
        """
        Whether a passage of `text` is of rows other than `row`.

        That a field of its own holds the passage too excuses nothing: it may have been put there.
        """
        sources: frozenset[str] = frozenset()
        run = 0
        for shingle in shingles(text):
            rows = self.rows.get(shingle, frozenset())
            sources = (sources & rows if run else rows) if row not in rows else frozenset()
            run = run + 1 if sources else 0
            if run >= PASSAGE:
                return True
        return False


def shingles(text: str) -> Iterator[int]:
    words = words_of(text)
    for start in range(len(words) - SHINGLE + 1):
        joined = " ".join(words[start : start + SHINGLE]).encode()
        yield int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")
