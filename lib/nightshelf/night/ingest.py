"""First step: read what landed, and plan what has to be asked."""

from datetime import date

from pyspark.sql import SparkSession

from nightshelf.lakehouse.catalog import ensure_tables
from nightshelf.lakehouse.release import settle
from nightshelf.lakehouse.tables import answers_spec
from nightshelf.models.versions import model_versions
from nightshelf.night.context import Context
from nightshelf.night.dates import dates_of, files_read, landings_of
from nightshelf.night.frozen import night_of
from nightshelf.night.lease import date_lease, end_this_process, held
from nightshelf.night.models import register_models
from nightshelf.ops import runs
from nightshelf.questions import QUESTIONS
from nightshelf.spark.ingest import Origin, ingest
from nightshelf.spark.plan import plan
from nightshelf.spark.views import open_views


def ingest_and_plan(session: SparkSession, context: Context, run: str) -> None:
    """Freeze the run's dates and models, replace its dates in the shop's tables, count the asks."""
    ensure_tables(context.catalog, {q.name: answers_spec(q.columns) for q in QUESTIONS.values()})
    # A release whose process died after its commit is finished here.
    settle(context.catalog)
    date = runs.read_run(context.ops, run)["date"]
    dates = dates_of(context, run, date)
    more = [date_lease(day) for day in dates if day != date]
    with held(context, run, more, end_this_process):
        _ingest(session, context, run, dates)
        _plan(session, context, run)


def _ingest(session: SparkSession, context: Context, run: str, dates: dict[str, str]) -> None:
    landings = landings_of(context, list(dates))
    models = register_models(context, run, model_versions(context.choice))
    runs.update_run(
        context.ops, run, dates=dates, models=models, files={"files": files_read(landings)}
    )
    for day, why in dates.items():
        context.say(f"{day}: {why}")
    origin = Origin(run, context.secret, context.settings.time_zone)
    for account in ingest(session, landings, origin):
        context.say(_sentence(account))


def _plan(session: SparkSession, context: Context, run: str) -> None:
    night = night_of(context, run)
    open_views(session, night, with_text=False)
    counts = plan(session, night)
    runs.update_run(context.ops, run, plan=counts)
    for question, found in counts.items():
        context.say(
            f"plan: {question}: {found['rows']} rows, {found['contents']} distinct texts,"
            f" {found['reused']} answered before, {found['to_ask']} to ask"
        )


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
