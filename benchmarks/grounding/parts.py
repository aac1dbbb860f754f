"""
The parts of the evaluation: one module a part, each with one function that returns figures.

A part takes the `Shops` that all parts share. To add one, write its module here and name its
function in `PARTS`.
"""

from collections.abc import Callable, Mapping, Sequence

from benchmarks.figure import Figure
from benchmarks.grounding import corruptions, coverage, inventions, obeying, speed
from benchmarks.grounding.shops import Shops

Part = Callable[[Shops], Sequence[Figure]]

PARTS: Mapping[str, Part] = {
    "corruptions": corruptions.figures,
    "inventions": inventions.figures,
    "obeying": lambda shops: obeying.figures(shops.folder, orders=shops.sizes.orders),
    "coverage": lambda shops: coverage.figures(shops.folder),
    "speed": speed.figures,
}
