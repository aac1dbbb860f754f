"""`nightshelf plan | caps`."""

import argparse

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

    context = night_context()
    chosen = {name: getattr(args, name) for name in ("rows", "tokens", "cost", "over_cap")}
    decided = decide(context, args.run, **chosen)
    for line in of_caps(args.run, decided, context.settings):
        context.say(line)
