"""Where the links of a task lead."""

import pytest
import sqlalchemy as sa
from tests.unit.seat.filled import NOW

from nightshelf.errors import SettingsError
from nightshelf.night.step import run_name
from nightshelf.ops import runs, steps
from nightshelf.seat.links import to_report, to_spark

ORIGIN = "scheduled__2026-03-31T00:00:00+00:00"
RUN = run_name("2026-03-30", ORIGIN)
ASK = ("nightly", ORIGIN, "ask")
PAGE = "http://127.0.0.1:4040"


@pytest.mark.parametrize(
    ("task", "base", "leads_to"),
    [
        (ASK, "http://127.0.0.1:8080", f"/nightshelf/runs/{RUN}/report"),
        (ASK, "https://ops.example/airflow/", f"/airflow/nightshelf/runs/{RUN}/report"),
        (ASK, "", f"/nightshelf/runs/{RUN}/report"),
        # Not begun, of another DAG, of a DAG that is not ours.
        (("nightly", "manual__1", "ask"), "", ""),
        (("maintenance", ORIGIN, "maintain"), "", ""),
        (("<script>", ORIGIN, "ask"), "", ""),
    ],
)
def test_the_report_of_the_run(nights, sources, task, base, leads_to):
    nights.add("2026-03-30", runs.FAILED, run=RUN)
    assert to_report(lambda: sources, task, base) == leads_to


@pytest.mark.parametrize(
    ("step", "state", "address", "leads_to"),
    [
        ("ask", None, PAGE, PAGE),
        ("ask", None, None, ""),
        # Its job has ended, and its page with it; or the run is at another step.
        ("ask", steps.DONE, PAGE, ""),
        ("assemble", None, PAGE, ""),
        ("ask", None, "javascript:alert(1)", ""),
    ],
)
def test_spark_s_own_page_while_the_job_runs(nights, sources, step, state, address, leads_to):
    nights.add("2026-03-30", runs.RUNNING, run=RUN)
    steps.open_step(nights.ops, RUN, "ask", now=NOW)
    number = steps.open_step(nights.ops, RUN, step, now=NOW)
    if address:
        steps.note_spark_ui(nights.ops, RUN, address)
    if state:
        steps.close_step(nights.ops, number, state=state, now=NOW)
    assert to_spark(lambda: sources, ASK) == leads_to


def test_a_run_without_a_step_has_no_page_of_spark(nights, sources):
    nights.add("2026-03-30", runs.RUNNING, run=RUN)
    assert to_spark(lambda: sources, ASK) == ""


@pytest.mark.parametrize(
    "error", [SettingsError("no such setting"), sa.exc.OperationalError("select", {}, OSError())]
)
def test_what_cannot_be_read_takes_no_other_link_along(error):
    def broken():
        raise error

    assert to_report(broken, ASK, "") == to_spark(broken, ASK) == ""
