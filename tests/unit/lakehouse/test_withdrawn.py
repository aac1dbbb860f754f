from datetime import UTC, datetime

import pytest

from nightshelf.lakehouse.release import Release
from nightshelf.lakehouse.withdrawn import withdrawn_dates


def step(number, what, tables, *days):
    return Release(
        release=number,
        parent=number - 1,
        kind=what,
        run="r",
        released_at=datetime(2026, 3, 1, tzinfo=UTC),
        tables={"t": tables},
        digests={},
        dates=days if what == "night" else (),
        withdrawn=days if what == "rollback" else (),
    )


NIGHTS = [step(n, "night", n, f"d{n}") for n in (1, 2, 3)]
BACK = [*NIGHTS, step(4, "rollback", 1, "d2", "d3")]


@pytest.mark.parametrize(
    ("found", "waiting"),
    [
        ([], {}),
        (NIGHTS, {}),
        (BACK, {"d2": 4, "d3": 4}),
        ([*BACK, step(5, "night", 5, "d3")], {"d2": 4}),
        ([*BACK, step(5, "maintenance", 5)], {"d2": 4, "d3": 4}),
        # Forward again: release 3 had them all.
        ([*BACK, step(5, "rollback", 3)], {}),
        # Back to between the two rollbacks, when d2 was missing already.
        (
            [*BACK, step(5, "night", 5, "d3"), step(6, "night", 6, "d4"),
             step(7, "rollback", 5, "d4")],
            {"d2": 4, "d4": 7},
        ),
    ],
)  # fmt: skip
def test_dates_wait_until_a_release_brings_them_back(found, waiting):
    assert withdrawn_dates(found) == waiting
