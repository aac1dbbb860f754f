"""Recall and precision, each with its interval."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.redaction.gold import Marked
from nightshelf.privacy.recall import Share
from nightshelf.privacy.spans import Span

#: What the data set calls that which `names` is to find, by our word for it.
KINDS: Mapping[str, tuple[str, ...]] = {
    "names": ("PERSON",),
    "addresses": ("ADDRESS", "STREET_ADDRESS", "ZIP_CODE"),
    "places": ("LOCATION", "GPE"),
}
_PERSONAL = {kind for kinds in KINDS.values() for kind in kinds}
_Z = 1.959964


@dataclass(frozen=True)
class Finding:
    """`whole` counts what no letter or digit is left of, `touched` what a part is missing of."""

    whole: Mapping[str, Share]
    touched: Mapping[str, Share]
    precision: Mapping[str, Share]


def judge(texts: Sequence[Marked], found: Sequence[Sequence[Span]]) -> Finding:
    """
    Under which kind something was found does not matter for recall: it is gone. A find is right if
    it touches a marked name, address or place.
    """
    whole: dict[str, list[bool]] = {}
    touched: dict[str, list[bool]] = {}
    right: dict[str, list[bool]] = {}
    for one, spans in zip(texts, found, strict=True):
        gone = {place for span in spans for place in range(span.start, span.end)}
        for mark in one.spans:
            places = [n for n in range(mark.start, mark.end) if one.text[n].isalnum()]
            if not places:
                continue
            for kind in (
                mark.kind,
                *(ours for ours, theirs in KINDS.items() if mark.kind in theirs),
            ):
                whole.setdefault(kind, []).append(gone.issuperset(places))
                touched.setdefault(kind, []).append(not gone.isdisjoint(places))
        personal = [mark for mark in one.spans if mark.kind in _PERSONAL]
        for span in spans:
            is_right = any(mark.start < span.end and span.start < mark.end for mark in personal)
            right.setdefault(span.kind, []).append(is_right)
    return Finding(_shares(whole), _shares(touched), _shares(right))


def share(found: int, n: int) -> Share:
    """
    Wilson's interval, which holds for small numbers, too.

    >>> share(7, 10)
    Share(found=7, n=10, low=0.397, high=0.892)
    """
    p, z2 = found / n, _Z**2
    middle, scale = p + z2 / (2 * n), 1 + z2 / n
    half = _Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return Share(found, n, round((middle - half) / scale, 3), round((middle + half) / scale, 3))


def _shares(counted: Mapping[str, Iterable[bool]]) -> dict[str, Share]:
    made = {}
    for kind, ones in sorted(counted.items()):
        listed = list(ones)
        made[kind] = share(sum(listed), len(listed))
    return made
