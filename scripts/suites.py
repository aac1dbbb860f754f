"""Runs the checks and test suites in order, all of them, and ends with one summary."""

import argparse
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from nightshelf.services import java

REPO = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.executable).parent
CODE = ("lib", "jobs", "dags", "scripts", "benchmarks", "tests")
TYPED = ("lib", "jobs", "scripts")

CHECKS = {
    "ruff": ("ruff", "check", *CODE),
    "format": ("ruff", "format", "--check", *CODE),
    "mypy": ("mypy", *TYPED),
    "imports": ("lint-imports",),
}
SUITES = {
    "unit": (
        *("tests/unit", "tests/guards", "lib", "benchmarks", "--ignore=benchmarks/ways"),
        # These share nothing; the others have the machine to themselves.
        *("-n", "logical", "--dist", "worksteal"),
    ),
    "host": ("tests/host",),
    "spark": ("tests/spark", "-m", "not more"),
    "gpu_cluster": ("tests/gpu_cluster",),
    "airflow": ("tests/services", "tests/dags"),
    "end_to_end": ("tests/end_to_end", "-m", "not more"),
    "faults": ("tests/faults", "-m", "not more"),
}
#: Only when they are named: what takes an hour more.
MORE = {"more": ("tests/spark", "tests/end_to_end", "tests/faults", "-m", "more")}
BUDGET_SECONDS = 85 * 60.0
"""For all together: what hangs must end in a summary, before whoever runs this loses patience."""


@dataclass(frozen=True)
class Result:
    name: str
    passed: int
    failed: int
    skipped: int
    seconds: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--java-home", default=None)
    parser.add_argument("suites", nargs="*", help="all of them, unless named")
    given = parser.parse_args()
    names = given.suites
    known = [*CHECKS, *SUITES, *MORE]
    if unknown := set(names) - set(known):
        say(f"No suite is called {', '.join(sorted(unknown))}; suites: {', '.join(known)}")
        return 2
    # Spark looks for Java on its own, and takes one that it dies on if that is the default.
    prefix = ["env", f"JAVA_HOME={java.find(given.java_home)}"]
    deadline = time.monotonic() + BUDGET_SECONDS
    results = []
    for name in names or [*CHECKS, *SUITES]:
        say(f"\n== {name} ==")
        results.append(run(name, prefix, deadline - time.monotonic()))
    say(summary(results))
    return int(any(result.failed for result in results))


def run(name: str, prefix: list[str], budget: float) -> Result:
    """Run one check or suite; a check counts as one test, a suite without a test as a failure."""
    begun = time.monotonic()
    if name in CHECKS:
        program, *arguments = CHECKS[name]
        failed = int(call([*prefix, str(PROGRAMS / program), *arguments], budget) != 0)
        return Result(name, 1 - failed, failed, 0, time.monotonic() - begun)
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        pytest = [*prefix, sys.executable, "-m", "pytest", "-q", "-ra"]
        code = call([*pytest, f"--junitxml={report}", *(SUITES | MORE)[name]], budget)
        passed, failed, skipped = counts(report)
    if not failed and (code or not passed):
        failed = 1  # it did not start, was cut off, or tested nothing
    return Result(name, passed, failed, skipped, time.monotonic() - begun)


def call(command: list[str], budget: float) -> int:
    """The exit status of `command`; 124 when `budget` seconds were not enough."""
    try:
        return subprocess.run(command, cwd=REPO, timeout=max(budget, 1.0)).returncode  # noqa: S603
    except subprocess.TimeoutExpired:
        say(f"{command[-1]}: ended, the time for all suites is over")
        return 124


def counts(report: Path) -> tuple[int, int, int]:
    """Passed, failed and skipped tests of pytest's report; zeros where there is none."""
    if not report.is_file():
        return 0, 0, 0
    total = failed = skipped = 0
    for suite in ElementTree.parse(report).iter("testsuite"):  # noqa: S314  pytest wrote it
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return total - failed - skipped, failed, skipped


def summary(results: list[Result]) -> str:
    lines = ["", f"{'suite':<12}{'passed':>8}{'failed':>8}{'skipped':>9}{'seconds':>9}"]
    for one in results:
        verdict = "  FAILED" if one.failed else ""
        numbers = f"{one.passed:>8}{one.failed:>8}{one.skipped:>9}{one.seconds:>9.1f}"
        lines.append(f"{one.name:<12}{numbers}{verdict}")
    passed, failed, skipped = (
        sum(getattr(one, field) for one in results) for field in ("passed", "failed", "skipped")
    )
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed, {skipped} skipped"])


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
