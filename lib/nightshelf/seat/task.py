"""One step of a run as the tab of its Airflow task tells it."""

from nightshelf.ops import runs
from nightshelf.report.run import REPORTED, report_of_step
from nightshelf.report.source import Page, Source
from nightshelf.report.text import short
from nightshelf.seat.run import Unknown
from nightshelf.seat.sources import Json, Sources

_FIRST_PAGE = Page()


def step_detail(sources: Sources, run: str, step: str, page: Page = _FIRST_PAGE) -> Json:
    """
    What `nightshelf.report` knows of the step, as `TaskReport` gives it, with its currency.

    Strings are as they were recorded: whoever shows them makes text of them. Raise `Unknown` where
    there is no such run, or where the task is no step of one.
    """
    if step not in REPORTED:
        raise Unknown(
            f"the task {short(step, 80)} has no report: no model is asked by it and no row moved;"
            " its log says what it did"
        )
    row = runs.find_run(sources.ops, run)
    if row is None:
        raise Unknown(f"no run is called {short(run, 80)}; `nightshelf runs` lists them")
    return dict(report_of_step(Source(sources.settings, sources.ops, row, page), step))
