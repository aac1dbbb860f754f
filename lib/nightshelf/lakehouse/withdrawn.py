"""Which dates a rollback has taken from readers and no release has brought back."""

from collections.abc import Mapping, Sequence

from nightshelf.lakehouse.release import ROLLBACK, Release


def withdrawn_dates(found: Sequence[Release]) -> Mapping[str, int]:
    """
    Each such date and the number of the rollback; `found` are all releases, oldest first.

    A rollback that goes forward again brings back what an earlier one had withdrawn.
    """
    then: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}
    now: dict[str, int] = {}
    for one in found:
        tables = tuple(sorted(one.tables.items()))
        if one.kind == ROLLBACK:
            now = then.get(tables, {}) | dict.fromkeys(one.withdrawn, one.release)
        else:
            now = {day: by for day, by in now.items() if day not in one.dates}
        then[tables] = now
    return now
