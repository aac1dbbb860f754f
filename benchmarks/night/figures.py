"""The figures of nights and their plans, from what was measured."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from typing import Any

from benchmarks.figure import Figure, at_most, number, short

Rows = Sequence[Mapping[str, Any]]


def of_nights(nights: Rows) -> Iterator[Figure]:
    if not nights:
        return
    first, second, _ = nights
    yield Figure(
        name="second_over_first",
        what="a second night with 1% of the rows changed over the first; time of the devices",
        goal=at_most(0.02),
        values=(second["busy_seconds"] / first["busy_seconds"],),
    )
    yield Figure(
        name="second_over_first_asking",
        what="the same by the clock, from the first wave to the last",
        values=(second["wall_seconds"] / first["wall_seconds"],),
    )
    yield Figure(
        name="second_over_first_job",
        what="the same by the clock, the whole night with the start of Spark",
        values=(second["job_seconds"] / first["job_seconds"],),
    )
    yield Figure(
        name="plan_tokens_error",
        what="by how much the plan's tokens miss what was read; the worst of the nights",
        goal=at_most(0.02),
        values=(max(_miss(one, "planned_tokens", "tokens") for one in nights),),
    )
    measured = [one for one in nights if one["planned_seconds"] is not None]
    yield Figure(
        name="plan_seconds_error",
        what="by how much its seconds miss what asking took, of the night of new rows",
        goal=at_most(0.2),
        values=tuple(_miss(one, "planned_seconds", "wall_seconds") for one in measured[-1:]),
    )
    yield Figure(
        name="plan_seconds_error_small",
        what="the same of the night with 1% changed, of which only the first night was known",
        values=tuple(_miss(one, "planned_seconds", "wall_seconds") for one in measured[:-1]),
    )


def of_plans(plans: Rows) -> Iterator[Figure]:
    for one in plans:
        size = short(one["keys"])
        about = f"of a plan of {one['texts']:,} texts beside {size} stored keys"
        yield Figure(name=f"plan_s_{size}", what=f"seconds {about}", values=(one["seconds"],))
        read = one["bytes_read"] / 1e6
        yield Figure(name=f"plan_mb_{size}", what=f"megabytes read {about}", values=(read,))
    for less, more in pairwise(plans):
        between = f"{short(less['keys'])}_{short(more['keys'])}"
        for what, name in (("seconds", "s"), ("bytes_read", "mb")):
            yield Figure(
                name=f"plan_{name}_slope_{between}",
                what=f"{what} grow with this power of the stored keys; below 1 is sub-linear",
                goal=at_most(0.99),
                values=(_slope(less, more, what),),
            )


def tables(nights: Rows, plans: Rows) -> str:
    return "\n\n".join(_table(rows) for rows in (nights, plans) if rows)


def _table(rows: Rows) -> str:
    names = list(rows[0])
    lines = [f"| {' | '.join(names)} |", "|" + "---|" * len(names)]
    lines += [f"| {' | '.join(_cell(row[name]) for name in names)} |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    """
    >>> _cell(None), _cell("first"), _cell(0.25)
    ('not known', 'first', '0.25')
    """
    if value is None:
        return "not known"
    return number(float(value)) if isinstance(value, int | float) else str(value)


def _miss(one: Mapping[str, Any], planned: str, actual: str) -> float:
    return abs(one[planned] - one[actual]) / one[actual]


def _slope(less: Mapping[str, Any], more: Mapping[str, Any], what: str) -> float:
    """
    >>> _slope({"keys": 10, "s": 2.0}, {"keys": 1000, "s": 20.0}, "s")
    0.5
    """
    return log(more[what] / less[what]) / log(more["keys"] / less["keys"])
