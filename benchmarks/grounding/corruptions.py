"""Seeded lies that the gate refuses, and true texts that it lets pass."""

from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.corrupt.products import TUNED
from benchmarks.corrupt.texts import LANGUAGES, TRUE, texts, unseen
from benchmarks.figure import Figure, at_least
from benchmarks.grounding.shops import Shops, evidence_of
from nightshelf.grounding.gate import judge

#: Of a kind and language fewer texts than this make no figure.
FEWEST = 100


def figures(shops: Shops) -> Sequence[Figure]:
    """Over the reported catalogs against goals; of the tuned ones beside them, without."""
    made = []
    tuned = [name for name in TUNED if name in shops.catalogs]
    for language in LANGUAGES:
        right, all_ = _counted(shops, shops.reported, language)
        made += _of_language(language, right, all_, fewest=min(FEWEST, shops.sizes.each))
        made.append(_unseen(shops, language))
        if tuned:
            right, all_ = _counted(shops, tuned, language)
            made += list(_sums(f"tuned_{language}", right, all_, "rules were tuned on these"))
    return made


def _unseen(shops: Shops, language: str) -> Figure:
    passed = [
        judge(text.words, evidence_of(text.product)).passes
        for name in shops.reported
        for text in unseen(shops.catalogs[name], language, shops.sizes.true // 4)
    ]
    return Figure(
        name=f"unseen_ways_passed_{language}",
        what=f"of {len(passed):,} true texts in sentences that no rule was ever tried on",
        values=(sum(passed) / len(passed),),
    )


def _counted(
    shops: Shops, names: Sequence[str], language: str
) -> tuple[Counter[str], Counter[str]]:
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for name in names:
        for text in texts(shops.catalogs[name], language, shops.sizes.each, shops.sizes.true):
            passes = judge(text.words, evidence_of(text.product)).passes
            all_[text.kind] += 1
            right[text.kind] += passes == (text.kind == TRUE)
    return right, all_


def _of_language(
    language: str, right: Counter[str], all_: Counter[str], fewest: int
) -> Iterator[Figure]:
    for figure, goal in zip(
        _sums(language, right, all_, "reported catalogs"), (0.99, 0.97), strict=True
    ):
        yield Figure(name=figure.name, what=figure.what, goal=at_least(goal), values=figure.values)
    for kind in sorted(set(all_) - {TRUE}):
        name = f"caught_{language}_{kind}"
        if all_[kind] < fewest:
            yield Figure(name=name, what=f"only {all_[kind]} texts of it could be made")
            continue
        what = f"{right[kind]:,} of {all_[kind]:,}"
        yield Figure(name=name, what=what, goal=at_least(0.97), values=(right[kind] / all_[kind],))


def _sums(name: str, right: Counter[str], all_: Counter[str], what: str) -> Iterator[Figure]:
    lies = sum(all_.values()) - all_[TRUE]
    caught = sum(right.values()) - right[TRUE]
    for title, good, most in (("caught", caught, lies), ("true_passed", right[TRUE], all_[TRUE])):
        values = (good / most,) if most else ()
        yield Figure(name=f"{title}_{name}", what=f"{good:,} of {most:,}; {what}", values=values)
