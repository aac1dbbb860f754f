from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.ops.steps import DONE, FAILED, RUNNING, close_step, open_step, steps_of

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def ops(tmp_path):
    return open_ops(f"sqlite:///{tmp_path}/ops.db")


@pytest.mark.parametrize(
    ("ends", "states"),
    [
        ([DONE], [DONE]),
        ([FAILED, DONE], [FAILED, DONE]),
        # Killed, then tried again.
        ([None, DONE], [RUNNING, DONE]),
    ],
)
def test_each_attempt_is_kept(ops, ends, states):
    open_step(ops, "other", "ask", now=AT)
    for state in ends:
        number = open_step(ops, "n1", "ask", now=AT)
        if state:
            close_step(ops, number, state=state, now=AT + timedelta(seconds=7))
    found = steps_of(ops, "n1")
    assert [row["state"] for row in found] == states
    assert [row["ended_at"] is None for row in found] == [state is None for state in ends]
    assert [row["number"] for row in steps_of(ops, "n1", most=1)] == [found[-1]["number"]]


def test_an_older_database_gets_the_table_and_the_column(tmp_path):
    uri = f"sqlite:///{tmp_path}/ops.db"
    older = open_ops(uri)
    runs.open_run(older, "n1", date="2026-03-01", step="ask", now=AT)
    with older.begin() as db:
        db.execute(sa.text("DROP TABLE steps"))
        db.execute(sa.text("ALTER TABLE runs DROP COLUMN accounts"))
    newer = open_ops(uri)
    assert runs.read_run(newer, "n1")["accounts"] is None
    assert steps_of(newer, "n1") == []
