"""`nightshelf maintenance | approve | dismiss`."""

import argparse
import getpass
import re

from nightshelf.commands.edge import end_with_caller, job_environ, night_context
from nightshelf.night.context import Context
from nightshelf.ops.decisions import Decision

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def maintenance(args: argparse.Namespace) -> None:
    from nightshelf.night.maintain import run_maintenance

    end_with_caller(args)
    run_maintenance(night_context(), job_environ(), dry_run=args.dry_run)


def approve(args: argparse.Namespace) -> None:
    end_with_caller(args)
    from nightshelf.night.approve import approve_run
    from nightshelf.night.jobs import each_by_itself
    from nightshelf.ops.runs import find_run

    context = night_context()
    row = find_run(context.ops, args.run)
    date = row["date"] if row else ""
    job = each_by_itself(context, date, args.run, job_environ())
    approve_run(context, args.run, _decision(args, context), job)


def dismiss(args: argparse.Namespace) -> None:
    from nightshelf.night.approve import dismiss_date, dismiss_run

    context = night_context()
    decision = _decision(args, context)
    if _DATE.fullmatch(args.run):
        dismiss_date(context, args.run, decision)
        context.say(f"{args.run} stays withdrawn: {args.reason}")
    else:
        dismiss_run(context, args.run, decision)
        context.say(f"run {args.run} will not be released: {args.reason}")


def _decision(args: argparse.Namespace, context: Context) -> Decision:
    return Decision(args.by or getpass.getuser(), args.reason, context.clock())
