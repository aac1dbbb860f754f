"""`nightshelf plan | caps`."""

import argparse
import getpass

from nightshelf.commands.edge import job_environ, night_context
from nightshelf.landing.dates import parse_date


def plan(args: argparse.Namespace) -> None:
    from nightshelf.night.preview import preview

    context, day = night_context(), parse_date(args.date)
    lines = preview(context, day, job_environ(), question=args.question, with_ingest=args.ingest)
    for line in lines:
        context.say(line)


def caps(args: argparse.Namespace) -> None:
    from nightshelf.night.deciding import decide
    from nightshelf.night.sentences import of_caps
    from nightshelf.ops.decisions import Decision

    context = night_context()
    chosen = {name: getattr(args, name) for name in ("rows", "tokens", "cost", "over_cap")}
    decision = Decision(args.by or getpass.getuser(), args.reason, context.clock())
    decided = decide(context, args.run, decision, **chosen)
    for line in of_caps(args.run, decided, context.settings):
        context.say(line)
