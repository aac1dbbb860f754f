"""Results are written where the README finds them."""

import json

import pytest

from benchmarks import results
from benchmarks.figure import Figure
from benchmarks.machine import machine
from benchmarks.measured import Measured
from benchmarks.table import page


def test_without_runs_there_is_no_plot(tmp_path):
    gone = Measured(part="speed", way="ray_data", repetition=0, trouble="absent")
    results.write(
        tmp_path, {"speed": {"CPU": "x"}}, [Figure(name="f", what="w", values=(1.0,))], [gone]
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["results.json", "results.md"]
    assert json.loads((tmp_path / "results.json").read_text())["figures"][0]["value"] == 1.0
    assert "| `f` | 1 |" in (tmp_path / "results.md").read_text()


def test_parts_that_are_not_run_again_stay(tmp_path):
    def one(part):
        return Measured(part=part, way="ours", repetition=0, trouble="absent")

    abouts = {"speed": {"load": "0.1"}, "growth": {"load": "0.2"}}
    results.write(tmp_path, abouts, [], [one("cold"), one("memory")])
    assert results.kept(tmp_path, ["speed"]) == ({"growth": {"load": "0.2"}}, [one("memory")])
    assert results.kept(tmp_path, ["growth", "int8"])[1] == [one("cold")]
    assert results.kept(tmp_path / "new", ["speed"]) == ({}, [])


@pytest.mark.parametrize(
    ("abouts", "shown"),
    [
        ({"speed": {"load": "1"}, "int8": {"load": "1"}}, ["speed, int8\n\n- load: 1"]),
        ({"speed": {"load": "1"}, "int8": {"load": "2"}}, ["speed\n\n- load: 1", "int8\n\n- l"]),
    ],
)
def test_conditions_are_said_of_each_run(abouts, shown):
    text = page(abouts, [], [])
    assert text.count("Measured together") == len(shown)
    assert all(one in text for one in shown)


def test_the_readme_has_the_marks_between_which_results_stand():
    text = results.README.read_text()
    assert results.with_results(text, "NEW\n").count("NEW") == 1


@pytest.mark.parametrize("name", ["CPU", "memory", "packages", "instructions", "load before"])
def test_the_machine_is_described(name):
    assert machine()[name]
