"""Texts as a model reads them: ragged rows of token ids in two flat arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int32]


@dataclass(frozen=True)
class Tokens:
    """Row `i` is `ids[offsets[i] : offsets[i + 1]]`; there is one more offset than rows."""

    ids: Ids
    offsets: NDArray[np.int64]

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[int] | Ids]) -> "Tokens":
        """
        >>> Tokens.from_rows([[7, 8], [], [9]]).lengths.tolist()
        [2, 0, 1]
        """
        offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        ids = np.empty(int(offsets[-1]), np.int32)
        for row, start, end in zip(rows, offsets, offsets[1:], strict=False):
            ids[start:end] = row
        return cls(ids, offsets)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each row."""
        return np.diff(self.offsets)

    def take(self, rows: Sequence[int]) -> "Tokens":
        """These rows, in this order."""
        return Tokens.from_rows([self[row] for row in rows])

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> Ids:
        return self.ids[self.offsets[row] : self.offsets[row + 1]]

    def __iter__(self) -> Iterator[Ids]:
        return (self[row] for row in range(len(self)))
