"""Two models beside each other: how good each is, where they differ, and what each costs."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nightshelf.errors import ContractError, SettingsError
from nightshelf.training.answering import Answering, Floats
from nightshelf.training.evaluation import (
    MEASURES,
    Estimate,
    Evaluation,
    estimate,
    evaluate,
    given,
)
from nightshelf.training.prepare.cleaning import Example

_LISTED = 10


@dataclass(frozen=True, kw_only=True)
class Group:
    """Reviews of one product or category, and how many of them have another label."""

    name: str
    texts: int
    flips: int


@dataclass(frozen=True, kw_only=True)
class Compared:
    """
    `texts` were asked; scores are of those with stars, and None where there are none.

    `differences` are B less A over the same texts; `flips` counts by label of A and of B.
    """

    texts: int
    scores: tuple[Evaluation, Evaluation] | None
    differences: Mapping[str, Estimate]
    flips: Mapping[tuple[str, str], int]
    products: Sequence[Group]
    categories: Sequence[Group]
    seconds: tuple[float, float]

    @property
    def flip_share(self) -> float:
        return sum(self.flips.values()) / self.texts

    @property
    def intervals(self) -> dict[str, list[tuple[float, float, float]]]:
        """Value, low and high of A, of B and of B less A, by measure."""
        if self.scores is None:
            return {}
        a, b = (one.scores for one in self.scores)
        return {
            name: [(one.value, one.low, one.high) for one in (a[name], b[name], difference)]
            for name, difference in self.differences.items()
        }


def compare(first: Answering, second: Answering, examples: Sequence[Example]) -> Compared:
    """
    Ask both about all examples, whose label is -1 where it is not known.

    Raise `SettingsError` where their labels differ, `ContractError` without texts.
    """
    if first.labels != second.labels:
        raise SettingsError(
            f"the models have other labels ({', '.join(first.labels)}; {', '.join(second.labels)}):"
            " compare models of the same labels"
        )
    if not examples:
        raise ContractError("there is nothing to compare by: no row has words")
    texts = [example.text for example in examples]
    a, b = first.probabilities(texts), second.probabilities(texts)
    labels = np.array([example.label for example in examples])
    known = labels >= 0
    named = [(*first.labels, "none")[place] for place in range(len(first.labels) + 1)]
    said_a, said_b = given(a)[0], given(b)[0]
    pairs = zip(said_a[said_a != said_b].tolist(), said_b[said_a != said_b].tolist(), strict=True)
    flipped = said_a != said_b
    return Compared(
        texts=len(examples),
        scores=(
            (evaluate(labels[known], a[known]), evaluate(labels[known], b[known]))
            if known.any()
            else None
        ),
        differences=_differences(labels[known], a[known], b[known]) if known.any() else {},
        flips={(named[x], named[y]): n for (x, y), n in Counter(pairs).most_common()},
        products=_groups([example.product_id for example in examples], flipped),
        categories=_groups([example.category for example in examples], flipped),
        seconds=(first.seconds, second.seconds),
    )


def _differences(expected: NDArray[np.int64], a: Floats, b: Floats) -> dict[str, Estimate]:
    # The same texts are drawn for both: what makes a text hard for both does not count.
    return {
        name: estimate(
            lambda rows, m=measure: m(expected[rows], b[rows]) - m(expected[rows], a[rows]),  # type: ignore[misc]
            len(expected),
        )
        for name, measure in MEASURES.items()
    }


def _groups(names: Sequence[str | None], flipped: NDArray[np.bool_]) -> list[Group]:
    """Those with the most flips first."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        if name is not None:
            places[name].append(place)
    groups = [
        Group(name=name, texts=len(own), flips=int(flipped[own].sum()))
        for name, own in places.items()
    ]
    return sorted((g for g in groups if g.flips), key=lambda g: (-g.flips, g.name))[:_LISTED]
