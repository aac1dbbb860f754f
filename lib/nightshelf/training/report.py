"""A comparison in lines for people."""

from collections.abc import Iterator, Sequence

from nightshelf.training.comparing import Compared, Group

_NAMES = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "calibration_error": "calibration error",
    "surest_accuracy": "accuracy, surest 90 %",
}


def lines_of(found: Compared) -> Iterator[str]:
    yield f"{found.texts:,} texts; 95 % intervals by bootstrap"
    if found.scores:
        first, second = found.scores
        yield f"{'':<24}{'A':<26}{'B':<26}B less A        ({first.count:,} texts with stars)"
        for name, difference in found.differences.items():
            a, b = first.scores[name], second.scores[name]
            yield f"{_NAMES[name]:<24}{a!s:<26}{b!s:<26}{difference}"
    else:
        yield "no row has stars: nothing says which of them is right"
    yield f"{'seconds':<24}{found.seconds[0]:<26.1f}{found.seconds[1]:.1f}"
    yield f"other label: {sum(found.flips.values()):,} of {found.texts:,} ({found.flip_share:.1%})"
    for (before, after), count in found.flips.items():
        yield f"  {before} to {after}: {count:,}"
    yield from _grouped("categories", found.categories)
    yield from _grouped("products", found.products)


def _grouped(what: str, groups: Sequence[Group]) -> Iterator[str]:
    if groups:
        yield f"{what} with the most other labels"
        for group in groups:
            yield f"  {group.name}: {group.flips:,} of {group.texts:,}"
