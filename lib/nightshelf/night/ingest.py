"""First step: read what landed, and plan what has to be asked."""

from datetime import date

from pyspark.sql import SparkSession

from nightshelf.lakehouse.catalog import ensure_tables
from nightshelf.lakehouse.release import settle
from nightshelf.models.choice import ModelChoice
from nightshelf.models.precision import AUTO
from nightshelf.night.active import versions_tonight
from nightshelf.night.context import Context
from nightshelf.night.dates import dates_of, files_read, landings_of
from nightshelf.night.lease import date_lease, end_this_process, held
from nightshelf.night.models import answers_of, register_models
from nightshelf.night.planned import planned
from nightshelf.night.planning import make_plan
from nightshelf.ops import runs
from nightshelf.privacy.choice import name_finder
from nightshelf.shelf.published import shelf_specs
from nightshelf.spark.catalog_names import screened_sentence
from nightshelf.spark.ingest import Origin, ingest


def ingest_and_plan(session: SparkSession, context: Context, run: str) -> None:
    """Freeze the run's dates and models, replace its dates in the shop's tables, count the asks."""
    # A release whose process died after its commit is finished here.
    settle(context.catalog, context.settings.kept_releases)
    models = _models(context, run)
    date = runs.read_run(context.ops, run)["date"]
    dates = dates_of(context, run, date)
    more = [date_lease(day) for day in dates if day != date]
    with held(context, run, more, end_this_process):
        _ingest(session, context, run, dates, models)
        make_plan(session, context, run)


def _models(context: Context, run: str) -> dict[str, str]:
    """The versions that the run freezes; they and the tables for their answers are there then."""
    models = versions_tonight(context, run)
    pairs = planned(context, models)
    for choice, questions in pairs:
        if context.settings.precision == AUTO and isinstance(choice, ModelChoice):
            context.say(f"precision: auto is {choice.precision} for {' and '.join(questions)}")
    ensure_tables(context.catalog, answers_of(pairs), shelf_specs(context.published))
    register_models(context, run, pairs, who=f"run {run}")
    return models


def _ingest(
    session: SparkSession, context: Context, run: str, dates: dict[str, str], models: dict[str, str]
) -> None:
    landings = landings_of(context, list(dates))
    runs.update_run(
        context.ops,
        run,
        dates=dates,
        models=models,
        files={"files": files_read(landings)},
        descriptions=context.descriptions_text,
    )
    for day, why in dates.items():
        context.say(f"{day}: {why}")
    finder = name_finder(context.settings)
    origin = Origin(run, context.secret, context.settings.time_zone, finder)
    accounts = ingest(session, landings, origin)
    kept = [{**one, "landing_date": str(one["landing_date"])} for one in accounts]
    runs.update_run(context.ops, run, accounts=kept)
    for account in accounts:
        context.say(_sentence(account))
    if finder:
        context.say(f"ingest: names and addresses: {screened_sentence(session, list(dates))}")


def _sentence(account: dict[str, object]) -> str:
    landed = account["landing_date"]
    day = landed.isoformat() if isinstance(landed, date) else landed
    mode = f" ({account['mode']})" if account["mode"] else ""
    return (
        f"ingest: {account['dataset']}{mode} {day}: {account['files']} files,"
        f" {account['files_rejected']} of them rejected; {account['rows_read']} rows ="
        f" {account['accepted']} accepted + {account['rejected']} rejected"
        f" + {account['duplicate']} duplicate"
    )
