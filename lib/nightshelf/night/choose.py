"""First step of a run without dates: which published rows are answered again, and its cost."""

from pyspark.sql import SparkSession

from nightshelf.errors import ModelError, NightshelfError
from nightshelf.lakehouse.catalog import ensure_tables
from nightshelf.lakehouse.release import settle
from nightshelf.night.context import Context
from nightshelf.night.fidelity import must_be_faithful
from nightshelf.night.frozen import is_switch, night_of
from nightshelf.night.models import answers_of, register_models
from nightshelf.night.planned import planned
from nightshelf.ops import runs
from nightshelf.spark.chosen import count_chosen
from nightshelf.spark.plan import settled
from nightshelf.spark.views import open_views


def choose(session: SparkSession, context: Context, run: str) -> None:
    """
    Count what was chosen; a run that only looks changes nothing in the lake.

    Raise `ModelError` where a switch of the vectors lacks answers.
    """
    row = runs.read_run(context.ops, run)
    is_dry = row["selection"]["is_dry"]
    pairs = planned(context, row["models"])
    must_be_faithful(context, row["models"])
    if not is_dry:
        # A release whose process died after its commit is finished here.
        settle(context.catalog, context.settings.kept_releases)
        ensure_tables(context.catalog, answers_of(pairs))
        register_models(context, run, pairs, who=row["selection"]["who"])
    night = night_of(context, run)
    if night.chosen is None or not night.published:
        raise NightshelfError(f"no table shows answers to {', '.join(row['models'])}")
    open_views(session, night, with_text=False)
    question = night.chosen.selection.question
    found = count_chosen(session, night.chosen, night.published, settled(night, question))
    runs.update_run(context.ops, run, plan={question: found})
    beyond = f"; {found['left_out']} more rows are left out by the limit" * bool(found["left_out"])
    context.say(
        f"choose: {question}: {found['rows']} published rows, {found['contents']} distinct texts,"
        f" {found['reused']} answered before, {found['to_ask']} to ask; about {found['tokens']}"
        f" tokens in all, as the answers before have read them{beyond}"
    )
    if is_switch(row) and found["to_ask"]:
        raise ModelError(
            f"{found['to_ask']} of the {found['contents']} texts whose vectors readers see have"
            f" none by {night.chosen.selection.by} yet: `nightshelf reanswer --question {question}"
            f" --by {night.chosen.selection.by} --yes` builds them beside the others, then this"
            " again"
        )
