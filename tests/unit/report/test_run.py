"""What a report says of a run, in whatever state it is."""

import json

import pytest
from tests.unit.report.conftest import DAY, MODELS, NEXT, TEXT

from nightshelf.errors import NightshelfError
from nightshelf.report.run import run_report, task_report

STATES = [
    ("n1", "released", "Released as release 1; readers see release 3.", []),
    ("approved", "released", "Released as release 3; readers see release 3.", []),
    ("unchanged", "unchanged", "Nothing has changed: release 2 shows the same; readers see", []),
    (
        "held",
        "held",
        "Held: 1 of 2 expectations does not hold. Nothing was published; readers see release 3.",
        ["approve held --reason …", "night --date 2026-03-03", "dismiss held --reason …"],
    ),
    (
        "broken",
        "held",
        "Held: 2 of 3 expectations do not hold. Nothing was published",
        ["night --date 2026-03-01", "dismiss broken --reason …"],
    ),
    (
        "over",
        "over cap",
        "Held before any model started: its plan is over a cap; readers see release 3.",
        ["caps over --take", "caps over --ignore", "night --date 2026-03-05 --run over"],
    ),
    (
        "failed",
        "failed",
        "Failed in step ask: disk full; make room. Nothing was published; readers see release 3.",
        ["night --date 2026-03-01 --run failed"],
    ),
    ("running", "running", "It has begun step ingest and has not ended; readers see", []),
    ("planned", "planned", "Only planned: nothing was asked", ["night --date 2026-03-01"]),
    ("built", "built", "Its answers are stored, nothing is published by them;", []),
    ("dismissed", "dismissed", "Somebody decided that it will not be released;", []),
]


@pytest.mark.parametrize(("run", "status", "verdict", "commands"), STATES)
def test_a_run_in_each_state(shop, run, status, verdict, commands):
    report = run_report(shop.settings, run)
    assert (report["run"], report["status"]) == (run, status)
    assert report["verdict"].startswith(verdict)
    assert [one["command"] for one in report["actions"]] == [f"nightshelf {c}" for c in commands]
    assert TEXT not in json.dumps(report, allow_nan=False)


@pytest.mark.parametrize("run", [row[0] for row in STATES])
def test_a_run_that_an_older_version_made(shop, older, run):
    before = run_report(shop.settings, run)
    older(run)
    report = run_report(shop.settings, run)
    json.dumps(report, allow_nan=False)
    assert (report["status"], report["reasons"]) == (before["status"], before["reasons"])


def test_a_release_that_was_taken_back(rolled_back):
    report = run_report(rolled_back.settings, "n2")
    assert report["status"] == "withdrawn"
    assert report["verdict"] == (
        "Released as release 2 and withdrawn by release 4; readers see release 4."
    )
    assert report["release"]["withdrawn_by"] == 4
    assert [one["command"] for one in report["actions"]] == [f"nightshelf night --date {NEXT}"]
    assert run_report(rolled_back.settings, "n1")["status"] == "released"


@pytest.mark.parametrize(
    ("word", "run"), [("last", "approved"), (NEXT, "n2"), ("2026-03-05", "over"), (DAY, "approved")]
)
def test_a_run_is_found_by_date_or_as_the_newest(shop, word, run):
    assert run_report(shop.settings, word)["run"] == run


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("n99", "no run is called 'n99'; `nightshelf runs` lists them, `last` is the newest"),
        ("2031-01-01", "no run is of 2031-01-01; `nightshelf runs` lists them"),
        ("x" * 999, "no run is called 'xxx"),
    ],
)
def test_a_run_that_nobody_knows(shop, word, complaint):
    with pytest.raises(NightshelfError) as caught:
        run_report(shop.settings, word)
    assert str(caught.value).startswith(complaint)
    assert len(str(caught.value)) < 300


def test_a_home_without_a_run(empty_shop):
    with pytest.raises(NightshelfError, match="there is no run yet; `nightshelf night --date D`"):
        run_report(empty_shop.settings, "last")


# ------------------------------------------------------------------ sections


def test_the_identity_is_given_term_by_term(shop):
    found = run_report(shop.settings, "n1")["accounting"]
    reviews, catalog = found["landings"]
    assert [reviews[k] for k in ("read", "accepted", "rejected", "duplicate")] == [104, 100, 3, 1]
    assert (reviews["holds"], catalog["mode"], found["holds"]) == (True, "snapshot", True)
    [outcome] = found["outcomes"]
    assert (outcome["current"], outcome["answered"], outcome["deferred"]) == (100, 97, 1)


@pytest.mark.parametrize(
    ("change", "holds"), [({}, True), ({"accepted": 99}, False), ({"rows_read": 105}, False)]
)
def test_sums_that_differ_are_said(shop, change, holds):
    from nightshelf.ops import runs

    first, *others = runs.read_run(shop.ops, "unchanged")["accounts"]
    runs.update_run(shop.ops, "unchanged", accounts=[{**first, **change}, *others])
    assert run_report(shop.settings, "unchanged")["accounting"]["holds"] is holds
    runs.update_run(shop.ops, "unchanged", accounts=[first, *others])


def test_a_running_run_has_counted_nothing_yet(shop):
    report = run_report(shop.settings, "running")
    assert report["accounting"] == {"landings": [], "outcomes": [], "holds": None}
    assert (report["plan"]["planned"], report["seconds"], report["models"]) == (None, None, [])


def test_what_was_asked_and_why(shop):
    sentiment, embedding = run_report(shop.settings, "n1")["questions"]
    assert sentiment["causes"] == {"new": 50, "edited": 10}
    assert sentiment["answers"] == {"answered": 58}
    assert (embedding["reused"], embedding["to_ask"], embedding["answers"]) == (110, 0, {})


def test_figures_of_waves_are_of_all_together(shop):
    found = run_report(shop.settings, "n1")["waves"]
    assert (found["count"], len(found["waves"])) == (2, 2)
    total = found["total"]
    assert [total[k] for k in ("texts", "tokens", "seconds", "texts_per_second")] == [
        *(60, 3_000, 40.0, 1.5)
    ]
    assert (total["padding_share"], total["busy_share"]) == (0.25, 0.75)


def test_steps_of_which_the_last_was_killed(shop):
    found = run_report(shop.settings, "n1")["steps"]
    assert [one["state"] for one in found] == ["done"] * 5 + ["killed"]
    assert [one["seconds"] for one in found] == [30.0] * 5 + [None]


def test_plan_and_cost_by_the_prices_of_that_night(shop):
    report = run_report(shop.settings, "n1")
    assert report["plan"]["planned"] == {
        "texts": 60,
        "tokens": 3_000,
        "waves": 2,
        "seconds": 50.0,
        "cost": 0.5,
    }
    assert report["plan"]["over"] == ["rows"]
    assert report["plan"]["is_late"] is False
    # 3,000 tokens at 100 a million, two devices for 40 s at 9 an hour, and a server.
    cost = report["cost"]
    assert cost["actual"] == pytest.approx(0.3 + 0.2 + 0.25)
    assert (cost["currency"], cost["of_servers"], cost["note"]) == ("EUR", 0.25, "")


def test_model_versions_with_what_they_are_made_of(shop):
    found = run_report(shop.settings, "n1")["models"]
    assert [one["version"] for one in found] == list(MODELS.values())
    assert found[0]["parameters"] == {"weights_sha256": "abababababab…", "precision": "fp32"}


def test_who_let_it_pass_and_why(shop):
    decision = run_report(shop.settings, "approved")["decision"]
    assert (decision["who"], decision["what"], decision["reason"]) == ("ada", "approved", "a sale")
    assert run_report(shop.settings, "dismissed")["decision"]["what"] == "dismissed"
    assert run_report(shop.settings, "n1")["decision"] is None


# ------------------------------------------------------------------ of one step


@pytest.mark.parametrize(
    ("run", "step", "status", "has"),
    [
        ("n1", "ingest", "done", {"accounting", "rejected"}),
        ("n1", "ask", "killed", {"waves", "failures", "cost"}),
        ("held", "assemble", "not begun", {"audit", "release"}),
        ("n1", "release", "done", {"release", "decision"}),
        ("over", "plan", "not begun", {"plan", "questions"}),
    ],
)
def test_a_step_has_the_sections_that_concern_it(shop, run, step, status, has):
    found = task_report(shop.settings, run, step)
    assert (found["run"], found["step"], found["status"]) == (run, step, status)
    assert has <= set(found)
    assert all(one["step"] == step for one in found["attempts"])
    json.dumps(found, allow_nan=False)


def test_a_step_that_there_is_not(shop):
    with pytest.raises(NightshelfError, match=r"no step is called 'dance'; steps: ingest, plan"):
        task_report(shop.settings, "n1", "dance")
