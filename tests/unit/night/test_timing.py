import pytest

from nightshelf import errors
from nightshelf.night.timing import timed
from nightshelf.ops.steps import DONE, FAILED, HELD, RUNNING, steps_of

ENDS = [
    (None, DONE),
    (errors.AuditError("drift"), HELD),
    (errors.OverCap("too many"), HELD),
    (errors.JobError("disk full"), FAILED),
    (SystemExit(143), FAILED),
    (KeyboardInterrupt(), FAILED),
]


@pytest.mark.parametrize(("error", "state"), ENDS, ids=repr)
def test_whatever_ends_a_step_its_time_is_kept(context, clock, error, state):
    def work():
        with timed(context, "n1", "ask"):
            [running] = steps_of(context.ops, "n1")
            assert (running["state"], running["ended_at"]) == (RUNNING, None)
            clock.forward(seconds=90)
            if error:
                raise error

    if error:
        with pytest.raises(type(error)):
            work()
    else:
        work()
    [row] = steps_of(context.ops, "n1")
    assert row["state"] == state
    assert (row["ended_at"] - row["started_at"]).total_seconds() == 90
