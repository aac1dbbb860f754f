"""Answers to texts that no accepted row has any more, deleted while nobody counts on them."""

from nightshelf.names import ANSWERS, DESCRIPTION
from nightshelf.night.lease import ASKING, end_this_process, give_back, held, this_process, try_take
from nightshelf.night.maintenance_work import Work
from nightshelf.ops import leases
from nightshelf.ops.leases import Claim
from nightshelf.spark.upkeep import Conflict, garbage


def collect_garbage(work: Work) -> None:
    """
    Delete them, if they are old enough and settings want it; count them in a dry run.

    A run that has planned already counts on answers that it found: while one is under way, this
    is left to the next maintenance. One that begins meanwhile asks after us, and looks again.
    """
    if not work.context.settings.garbage_days:
        return
    if work.dry_run:
        _collect(work)
        return
    context, run = work.context, work.run
    if holder := try_take(context, ASKING, Claim(run, this_process())):
        work.left.append(f"garbage answers: run {holder} is asking")
        return
    try:
        now = context.clock().timestamp()
        live = (leases.live(context.ops, prefix, now=now) for prefix in ("date:", "reanswer:"))
        if at_work := [name for names in live for name in names]:
            work.left.append(f"garbage answers: {', '.join(at_work)} is being worked on")
            return
        with held(context, run, [ASKING], end_this_process):
            _collect(work)
    finally:
        give_back(context, run, [ASKING])


def _collect(work: Work) -> None:
    older_than = work.before(work.context.settings.garbage_days)
    # A generator reads what the shop's rules make of a row, and its keys are of no version: what
    # no product needs any more cannot be told from what another rule may need again.
    for question in sorted({*work.questions} - {DESCRIPTION}):
        table = f"{ANSWERS}.{question}"
        try:
            count = garbage(work.session, question, older_than, dry_run=work.dry_run)
        except Conflict:
            work.left.append(f"{table}: others committed to it at every attempt to clear it")
        else:
            work.note(table, "garbage", count)
