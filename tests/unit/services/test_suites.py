import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "suites.py"
ENV = ["env"]


@pytest.fixture
def suites(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("suites_under_test", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "REPO", tmp_path)
    return module


@pytest.mark.parametrize(
    ("tests", "counted"),
    [
        ("def test_a(): pass\ndef test_b(): pass\n", (2, 0, 0)),
        ("def test_a(): pass\ndef test_b(): assert 0\n", (1, 1, 0)),
        ("import pytest\ndef test_a(): pass\ndef test_b(): pytest.skip('x')\n", (1, 0, 1)),
        ("def test_a(: pass\n", (0, 1, 0)),
        ("x = 1\n", (0, 1, 0)),
        ("def test_a(): import os; os._exit(3)\n", (0, 1, 0)),
    ],
    ids=["green", "red", "skipped", "broken", "without a test", "died"],
)
def test_a_suite_is_counted_and_an_empty_one_fails(suites, tmp_path, monkeypatch, tests, counted):
    (tmp_path / "test_it.py").write_text(tests)
    monkeypatch.setitem(suites.SUITES, "it", ("test_it.py",))
    result = suites.run("it", ENV, 60.0)
    assert (result.passed, result.failed, result.skipped) == counted


@pytest.mark.parametrize(("program", "failed"), [("true", 0), ("false", 1)])
def test_a_check_counts_as_one(suites, monkeypatch, program, failed):
    monkeypatch.setitem(suites.CHECKS, "it", (f"/usr/bin/{program}",))
    assert suites.run("it", ENV, 60.0).failed == failed


def test_what_hangs_is_ended(suites, monkeypatch):
    monkeypatch.setitem(suites.CHECKS, "it", ("/usr/bin/env", "sleep", "60"))
    assert suites.run("it", ENV, 0.0).failed == 1


def test_the_last_line_is_plain(suites):
    results = [suites.Result("unit", 10, 0, 1, 1.5), suites.Result("faults", 1, 2, 0, 60.0)]
    lines = suites.summary(results).splitlines()
    assert lines[-1] == "11 passed, 2 failed, 1 skipped"
    assert [line.split()[-1] for line in lines if line.startswith(("unit", "faults"))] == [
        "1.5",
        "FAILED",
    ]
