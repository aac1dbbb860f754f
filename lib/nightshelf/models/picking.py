"""Which token comes next: the likeliest, or one drawn by the row's own numbers."""

import hashlib
from collections.abc import Sequence

import numpy as np
from torch import Tensor

from nightshelf.engine.tokens import Ids
from nightshelf.errors import UnanswerableRow


class Picker:
    """
    For the rows of a batch; `temperature` 0 takes the likeliest token.

    Each row draws from a generator of its own, seeded by `seed` and what the row reads, so that
    what it draws does not depend on who is beside it.
    """

    def __init__(self, rows: Sequence[Ids], temperature: float, seed: int) -> None:
        self._temperature = temperature
        self._draws = [np.random.default_rng(row_seed(ids, seed)) for ids in rows if temperature]

    def pick(self, logits: Tensor, rows: Sequence[int]) -> list[int]:
        """
        Of `logits` (live rows, vocabulary), whose numbers in the batch are `rows`.

        Raises `UnanswerableRow` where one of them has no finite largest logit.
        """
        largest = logits.max(dim=1)
        if not bool(largest.values.isfinite().all()):
            raise UnanswerableRow
        if not self._temperature:
            likeliest: list[int] = largest.indices.tolist()
            return likeliest
        likely = (logits.double() / self._temperature).softmax(dim=1).cumsum(dim=1).cpu().numpy()
        drawn = (self._draws[row].random() for row in rows)
        # The sums end near 1, not at it.
        return [
            int(min(np.searchsorted(sums, point * sums[-1], side="right"), len(sums) - 1))
            for sums, point in zip(likely, drawn, strict=True)
        ]


def row_seed(ids: Ids, seed: int) -> int:
    """Of what is drawn for a row: 128 bits of `seed` and of what the row reads."""
    read = ids.astype("<i4").tobytes()
    return int.from_bytes(hashlib.sha256(f"{seed} ".encode() + read).digest()[:16], "big")
