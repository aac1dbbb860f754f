"""How many texts a core judges in a second, evidence read anew for each."""

from collections.abc import Sequence
from time import process_time

from benchmarks.corrupt.texts import LANGUAGES, texts
from benchmarks.figure import Figure, at_least
from benchmarks.grounding.shops import Shops, evidence_of
from nightshelf.grounding.gate import judge

_REPETITIONS = 3


def figures(shops: Shops) -> Sequence[Figure]:
    """CPU-seconds of this process, so that other work on the machine disturbs less."""
    made = [
        (text.words, evidence_of(text.product))
        for name in shops.catalogs
        for language in LANGUAGES
        for text in texts(shops.catalogs[name], language, 0, shops.sizes.true)
    ]
    judge(*made[0])  # reads the lists and what pint knows
    rates = []
    for _ in range(_REPETITIONS):
        begun = process_time()
        for words, evidence in made:
            judge(words, evidence)
        rates.append(len(made) / (process_time() - begun))
    what = "texts per CPU-second, each with its product's evidence, all catalogs"
    return [Figure(name="texts_per_second", what=what, goal=at_least(500), values=tuple(rates))]
