"""Texts that nearly repeat an earlier one: most of their stretches of letters are the same."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

#: Of all stretches of two texts, how many they share (Jaccard); from there on one is dropped.
ALIKE = 0.7
#: Letters in a stretch. Shorter texts have none, and are compared as a whole by others.
STRETCH = 8
#: A stretch that more texts have is a phrase of the trade, and brings no two together.
_COMMON = 50
#: Two texts are looked at closely if they share this part of the uncommon stretches of one.
_WORTH_A_LOOK = 0.4
_ROWS = 2_000


def near_duplicates(words: Sequence[str], alike: float = ALIKE) -> set[int]:
    """
    Places in `words` (letters and digits alone) of texts that nearly repeat an earlier one.

    >>> long = "thisdressisverylovelyandfitswellineverysize"
    >>> near_duplicates([long, "another" + long[::-1], long + "x", "short", "shortx"])
    {2}
    """
    if not words:
        return set()
    stretches = HashingVectorizer(
        analyzer="char",
        ngram_range=(STRETCH, STRETCH),
        lowercase=False,
        binary=True,
        norm=None,
        alternate_sign=False,
        n_features=2**22,
        dtype=np.float32,
    ).transform(words)
    found: set[int] = set()
    for first, second in _pairs(stretches, alike):
        # A text that is dropped drops none in its turn: it has said nothing.
        if first not in found:
            found.add(second)
    return found


def _pairs(stretches: csr_matrix, alike: float) -> Iterator[tuple[int, int]]:
    """Places of two texts that are alike, in order of the later one."""
    sizes = np.asarray(stretches.sum(axis=1)).ravel()
    frequency = np.bincount(stretches.indices, minlength=stretches.shape[1])
    telling = stretches[:, (frequency > 1) & (frequency <= _COMMON)].tocsr()
    own = np.asarray(telling.sum(axis=1)).ravel()
    for start in range(0, stretches.shape[0], _ROWS):
        shared = (telling[start : start + _ROWS] @ telling.T).tocoo()
        later, earlier = shared.row + start, shared.col
        least = _WORTH_A_LOOK * np.minimum(own[later], own[earlier])
        look = (earlier < later) & (shared.data >= least)
        later, earlier = later[look], earlier[look]
        close = _jaccard(stretches, sizes, later, earlier) >= alike
        order = np.lexsort((earlier[close], later[close]))
        yield from zip(earlier[close][order].tolist(), later[close][order].tolist(), strict=True)


def _jaccard(
    stretches: csr_matrix,
    sizes: NDArray[np.float32],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> NDArray[np.float32]:
    shares = []
    for start in range(0, len(left), _ROWS):
        a, b = left[start : start + _ROWS], right[start : start + _ROWS]
        both = np.asarray(stretches[a].multiply(stretches[b]).sum(axis=1)).ravel()
        shares.append(both / np.maximum(1, sizes[a] + sizes[b] - both))
    return np.concatenate(shares) if shares else np.empty(0, np.float32)
