"""Trials outlive the run; those of other code are done again, of another protocol do not count."""

import json
from dataclasses import replace

import pytest

from benchmarks.faults import record as of
from benchmarks.faults.record import Record, Trial, missed, totals

TRIAL = Trial("night", "sqlite", "kill@x", 3, {"lost": 0, "redone_waves": 1}, 1.5, notes=("a",))


def test_a_run_that_was_cut_off_goes_on_where_it_was(tmp_path):
    path = tmp_path / "trials.jsonl"
    Record.open(path, "abc").add(TRIAL)
    path.write_text(path.read_text() + '{"kind": "ni')
    record, done = Record.open(path, "abc"), replace(TRIAL, commit="abc")
    assert record.trials == [*record.known.values()] == [done]
    record.add(replace(TRIAL, seed=4))
    assert [one.seed for one in Record.open(path, "abc").trials] == [3, 4]


@pytest.mark.parametrize(
    ("changed", "counted"),
    [
        pytest.param({"commit": "other"}, 1, id="of other code"),
        pytest.param({"protocol": of.PROTOCOL + 1}, 0, id="of another protocol"),
    ],
)
def test_trials_of_other_code_or_another_protocol_are_done_again(tmp_path, changed, counted):
    path = tmp_path / "trials.jsonl"
    Record.open(path, "abc").add(TRIAL)
    path.write_text(json.dumps(json.loads(path.read_text()) | changed) + "\n")
    record = Record.open(path, "abc")
    assert (len(record.trials), record.known) == (counted, {})


def test_totals_and_what_misses_its_goal():
    worse = replace(TRIAL, found={"lost": 2, "redone_waves": 2}, times=5)
    found = totals([TRIAL, worse])
    assert (found["trials"], found["lost"], found["redone_waves"]) == (6, 2, 2)
    assert missed(found) == ["lost is 2, allowed is 0", "redone_waves is 2, allowed is 1"]
    assert missed(totals([TRIAL])) == []
