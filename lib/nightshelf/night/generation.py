"""All published vectors are of one model: what a switch of it means to runs beside it."""

from pyspark.sql import SparkSession

from nightshelf.errors import ModelError
from nightshelf.names import EMBEDDING
from nightshelf.night.ask import ask
from nightshelf.night.context import Context
from nightshelf.night.frozen import is_switch, newest_release, other_generation
from nightshelf.night.lease import ASKING, end_this_process, give_back, held
from nightshelf.night.patience import wait_for
from nightshelf.ops import runs


def ask_what_a_release_brought(session: SparkSession, context: Context, row: runs.Row) -> None:
    """
    Ask what a run lacks because another release came since it asked; else nothing.

    A night whose vectors are no longer of the shown model asks the shown one for its own rows. A
    switch asks for the rows that nights have released meanwhile.
    """
    run, asked = row["run"], row["asked"]
    if shown := other_generation(row, newest_release(context)):
        if row["selection"]:
            raise ModelError(
                f"the vectors that readers see are of model version {shown} by now, and run {run}"
                f" has answered by {row['models'][EMBEDDING]}; start it again"
            )
        context.say(f"assemble: the vectors were switched to {shown}; asking it for this run's")
        runs.update_run(context.ops, run, models={**row["models"], EMBEDDING: shown})
    elif not is_switch(row):
        return
    wait_for(context, run, ASKING)
    try:
        with held(context, run, [ASKING], end_this_process):
            ask(session, context, run)
    finally:
        give_back(context, run, [ASKING])
    if not runs.read_run(context.ops, run)["asked"]["texts"]:
        # Nothing was lacking: what the step before has asked is still what the run has.
        runs.update_run(context.ops, run, asked=asked)
