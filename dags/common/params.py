"""Parameters of DAGs: one that several have, and all of them as a command reads them."""

from typing import Any

from airflow.sdk import Param


def date_param() -> Param:
    """The date, on which `resolve_date` falls back; a fresh one, since each DAG sets its own."""
    return Param(
        None,
        type=["null", "string"],
        format="date",
        description="Only for `dag.test()`, which cannot set a partition key.",
    )


def words_of(params: dict[str, Any], known: dict[str, str]) -> list[str]:
    """
    Parameters that are set, by their flags: as one word each, so that no value is taken for a flag.

    >>> words_of({"data": ["a.csv", "--yes"], "seed": None}, {"data": "--data", "seed": "--seed"})
    ['--data=a.csv', '--data=--yes']
    """
    words = []
    for name, flag in known.items():
        value = params.get(name)
        for one in value if isinstance(value, list) else [value]:
            words += [f"{flag}={one}"] * (one is not None)
    return words
