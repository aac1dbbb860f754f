"""What a night would ask, without one: planned from what is ingested, and nothing is written."""

from collections.abc import Iterator, Mapping
from datetime import date

from nightshelf.contracts import CONTRACTS
from nightshelf.errors import NotReady, SettingsError
from nightshelf.host.choices import questions_of
from nightshelf.lakehouse.catalog import tables_of
from nightshelf.landing.changes import KnownFile, changed_dates
from nightshelf.names import DEFERRED
from nightshelf.night.active import active_versions, questions_named
from nightshelf.night.context import Context
from nightshelf.night.deciding import PLAN
from nightshelf.night.estimate import Estimate
from nightshelf.night.failures import raise_for
from nightshelf.night.jobs import each_by_itself, own_mark
from nightshelf.night.lease import date_lease, give_back
from nightshelf.night.patience import wait_for
from nightshelf.night.planned import ids_of
from nightshelf.night.ready import must_be_ready
from nightshelf.night.sentences import of_estimate, of_question
from nightshelf.night.step import run_name, run_step
from nightshelf.night.submit import submitted
from nightshelf.ops import runs
from nightshelf.shelf.published import shelf_specs


def preview(
    context: Context,
    day: date,
    environ: Mapping[str, str],
    *,
    question: str | None,
    with_ingest: bool,
) -> Iterator[str]:
    """
    Lines for a person, of one `question` or of all.

    Planned from the lake alone, which stays as it is. Where the date's input is not in it, raise
    `NotReady`; `with_ingest` reads it first, as the night would, in a run that ends there.
    """
    known = {one.name for choice in context.choices for one in questions_of(choice)}
    if question is not None and question not in known:
        raise SettingsError(f"no model answers {question!r}; questions: {', '.join(sorted(known))}")
    run = run_name(day.isoformat(), f"plan {context.clock().isoformat()}")
    if with_ingest:
        _ingested(context, day, run, environ)
    else:
        _read_only(context, day, run, environ)
    return _lines(context, run, question)


def _ingested(context: Context, day: date, run: str, environ: Mapping[str, str]) -> None:
    must_be_ready(context, day)
    date = day.isoformat()
    wait_for(context, run, date_lease(date))
    run_step(context, "ingest", date=date, run=run, job=each_by_itself(context, date, run, environ))
    dates = runs.read_run(context.ops, run)["dates"]
    runs.update_run(context.ops, run, state=runs.PLANNED, ended_at=context.clock())
    give_back(context, run, [date_lease(one) for one in {date, *dates}])


def _read_only(context: Context, day: date, run: str, environ: Mapping[str, str]) -> None:
    if why := _not_in_lake(context, day):
        raise NotReady(
            f"{day} cannot be planned from what is ingested: {why}. `nightshelf plan --date {day}"
            " --ingest` reads it first; no reader sees it before a night has released it"
        )
    date = day.isoformat()
    runs.open_run(context.ops, run, date=date, step=PLAN, now=context.clock())
    models = _models(context)
    runs.update_run(context.ops, run, dates={date: "planned only"}, models=models)
    # Not the date's mark: a night that starts meanwhile ends what bears that.
    mark = own_mark(context, f"plan {run}")
    with submitted(context.settings, PLAN, ["--run", run], environ, mark) as process:
        code = process.wait()
    state = {"state": runs.FAILED if code else runs.PLANNED, "ended_at": context.clock()}
    runs.update_run(context.ops, run, **state)
    raise_for(context, run, PLAN, code)


def _models(context: Context) -> dict[str, str]:
    """By question the version that a night would ask; nothing is activated by looking."""
    active = active_versions(context)
    found: dict[str, str] = {}
    for choice in context.choices:
        questions = questions_named(choice)
        named = {} if all(one in active for one in questions) else ids_of(choice)
        found |= {question: active.get(question) or named[question] for question in questions}
    return found


def _not_in_lake(context: Context, day: date) -> str:
    """What a night of the date would have to ingest; empty where there is nothing."""
    shelf = shelf_specs(context.published)
    if missing := {*shelf, DEFERRED} - tables_of(context.catalog):
        return f"{sorted(missing)[0]} is not there yet"
    date = day.isoformat()
    newest = runs.newest_ingest(context.ops, date)
    if newest is None:
        return "no run has read its input"
    for dataset in CONTRACTS:
        files = {
            one["name"]: KnownFile(one["sha256"], one["bytes"], one["mtime_ns"])
            for one in newest["files"].get("files", [])
            if (one["dataset"], one["date"]) == (dataset, date)
        }
        changes = changed_dates(context.settings.landing, dataset, {date: files})
        if date in changes:
            return f"{dataset}: {', '.join(changes[date])}"
    return ""


def _lines(context: Context, run: str, question: str | None) -> Iterator[str]:
    row = runs.read_run(context.ops, run)
    for name, counts in row["plan"].items():
        if question in (None, name):
            yield of_question(name, counts)
    estimate = Estimate.from_dict(row["estimate"])
    if question:
        estimate = estimate.only(question)
    yield from of_estimate(estimate, context.settings)
