from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.ops import runs
from nightshelf.ops.database import open_ops

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def ops(settings):
    found = open_ops(settings.ops_database)
    runs.open_run(found, "n1", date="2026-03-01", step="plan", now=NOW)
    return found


@pytest.mark.parametrize(
    ("words", "kept", "printed"),
    [
        ((), None, "run n1 has no caps of its own: those of the settings apply\n"),
        (("--take",), {"over_cap": "take"}, "over a cap: take\nnow clear the task `plan`"),
        (
            ("--tokens", "1200", "--cost", "2.5", "--rows", "0"),
            {"rows": 0, "tokens": 1200, "cost": 2.5},
            "rows: no cap\ntokens: 1,200 tokens\ncost: 2.50 USD\nnow clear",
        ),
    ],
)
def test_a_decision_is_kept_with_the_run(run, ops, words, kept, printed):
    code, said, _ = run("caps", "n1", *words, "--by", "ada", "--reason", "a sale")
    assert code == 0
    assert said.startswith(printed)
    found = runs.read_run(ops, "n1")["caps"]
    if kept:
        assert found.pop("at")
        kept = {**kept, "by": "ada", "reason": "a sale"}
    assert found == kept


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("caps", "n2"), 1, "no run is called n2; `nightshelf runs` lists them"),
        (("plan", "--date", "2026-03-01"), 14, "cannot be planned from what is ingested"),
        (("plan", "--date", "2026-03-01", "--question", "x"), 10, "no model answers 'x'"),
        (("plan", "--date", "2026-03-01", "--ingest"), 13, "input for 2026-03-01 is missing"),
    ],
)
def test_what_cannot_be_done_is_said(run, ops, words, code, complaint):
    found, printed, said = run(*words)
    assert (found, printed) == (code, "")
    assert complaint in said


def test_the_newest_run_that_read_a_date_is_found(ops):
    assert runs.newest_ingest(ops, "2026-03-01") is None
    for number, (dates, plan) in enumerate(
        [({"2026-03-01": ""}, {"q": {}}), ({"2026-03-02": ""}, {"q": {}}), ({"2026-03-01": ""}, {})]
    ):
        at = NOW + timedelta(hours=number)
        runs.open_run(ops, f"r{number}", date="2026-03-02", step="ingest", now=at)
        runs.update_run(ops, f"r{number}", dates=dates, plan=plan, files={"files": []})
    assert runs.newest_ingest(ops, "2026-03-01")["run"] == "r0"
