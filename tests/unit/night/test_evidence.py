"""What a person is shown of a held run, and whether they may let it pass."""

import pytest
from tests.unit.night.test_caps import estimate

from nightshelf.night.evidence import held_plan, held_release, literal
from nightshelf.ops import runs

DRIFT = {"table": "t", "expectation": "label_drift", "is_judgement": True}
LOST = {"table": "u", "expectation": "versions_lost", "is_judgement": False}
HOSTILE = "[x](javascript:a) `<img src=x onerror=a>`\n# b"


@pytest.fixture
def new_run(context, clock):
    def make(name="n1", **values):
        runs.open_run(context.ops, name, date="2026-03-01", step="plan", now=context.clock())
        runs.update_run(context.ops, name, **values)
        clock.forward(seconds=1)

    return make


@pytest.mark.parametrize(
    ("state", "violated", "may_pass"),
    [
        (runs.HELD, [DRIFT], True),
        (runs.HELD, [DRIFT, LOST], False),
        (runs.RELEASED, [DRIFT], None),
        (runs.DISMISSED, [DRIFT], None),
    ],
)
def test_a_held_release_may_pass_where_a_person_may_know_better(
    context, new_run, state, violated, may_pass
):
    found = {"violated": violated, "violations": [HOSTILE, "t: label_drift is 0.4"]}
    new_run(state=state, assembled=found)
    held = held_release(context.ops, "n1")
    assert (held and held.may_pass) == may_pass
    if held:
        lines = held.evidence.splitlines()
        assert f"- {literal(HOSTILE)}" in lines
        assert "- `t: label_drift is 0.4`" in lines
        assert "javascript" not in held.evidence.replace(literal(HOSTILE), "")


def test_a_later_run_of_the_date_counts_instead(context, new_run):
    new_run(state=runs.HELD, assembled={"violated": [DRIFT], "violations": ["v"]})
    assert held_release(context.ops, "n1").may_pass
    new_run("n2", state=runs.RELEASED, dates=["2026-03-01"])
    runs.update_run(context.ops, "n1", dates=["2026-03-01"])
    held = held_release(context.ops, "n1")
    assert not held.may_pass
    assert "`n2` has worked on one of these dates since" in held.evidence


@pytest.mark.parametrize("fits", [None, {"texts": 900, "tokens": 80_000, "cost": 4.0}], ids=str)
def test_a_plan_over_its_cap_shows_what_it_would_take_and_what_fits(context, new_run, fits):
    known = {**fits, "order": "newest"} if fits else None
    planned = estimate().as_dict() | {"fits": known}
    new_run(state=runs.HELD, estimate=planned, error="the plan is over its cap\nmore")
    held = held_plan(context.ops, context.settings, "n1")
    assert held.may_pass
    assert "- `the plan is over its cap`" in held.evidence
    assert "1,000 texts to read, 90,000 tokens" in held.evidence
    assert ("`900 texts with 80,000 tokens" in held.evidence) == bool(fits)
    assert held_release(context.ops, "n1") is None


def test_nothing_is_held_that_runs(context, new_run):
    new_run(state=runs.RUNNING)
    assert held_plan(context.ops, context.settings, "n1") is None
    assert held_plan(context.ops, context.settings, "n2") is None
