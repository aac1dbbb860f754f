import pytest

from nightshelf.errors import NightshelfError
from nightshelf.night.approve import approve_run, may_pass
from nightshelf.ops import runs
from nightshelf.ops.decisions import Decision

DRIFT = {"table": "t", "expectation": "label_drift", "is_judgement": True}
FAILED = {"table": "t", "expectation": "failed_share", "is_judgement": True}
LOST = {"table": "u", "expectation": "versions_lost", "is_judgement": False}


def assembled(change, *violated):
    return {"change": {"t": change}, "violated": list(violated)}


@pytest.mark.parametrize(
    ("audited", "now", "passes"),
    [
        (assembled("7", DRIFT), assembled("7", DRIFT), True),
        (assembled("7", DRIFT, FAILED), assembled("7", DRIFT), True),
        (assembled("7", DRIFT), assembled("8", DRIFT), False),
        (assembled("7", DRIFT), assembled("7", DRIFT, FAILED), False),
        (assembled("7", DRIFT), assembled("7", DRIFT, LOST), False),
        # Held by a version that did not write down what had changed.
        ({"violations": ["x"]}, assembled("7", DRIFT), False),
    ],
)
def test_only_what_was_audited_may_pass(audited, now, passes):
    assert may_pass(audited, now) is passes


@pytest.mark.parametrize(
    ("state", "violated", "message"),
    [
        (runs.RELEASED, [DRIFT], "no release of a run n1 is held; see `nightshelf runs`"),
        (runs.HELD, [DRIFT, LOST], "cannot be approved: versions_lost of u says that data is lost"),
    ],
)
def test_what_cannot_be_approved_is_refused_before_anything_starts(
    context, state, violated, message
):
    runs.open_run(context.ops, "n1", date="2026-03-01", step="release", now=context.clock())
    values = {"state": state, "assembled": {"violated": violated, "tables": {}}}
    runs.update_run(context.ops, "n1", **values)

    def job(_):
        pytest.fail("it was started")

    with pytest.raises(NightshelfError, match=message):
        approve_run(context, "n1", Decision("ada", "", context.clock()), job)
    assert runs.read_run(context.ops, "n1")["state"] == state


def test_a_run_that_nobody_knows(context):
    with pytest.raises(NightshelfError, match="no release of a run x is held"):
        approve_run(context, "x", Decision("ada", "", context.clock()), lambda _: 0)
