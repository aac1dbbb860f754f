"""`nightshelf night | ready | step | runs`."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Mapping

from nightshelf.landing.dates import parse_date
from nightshelf.night.context import Context, utc_now
from nightshelf.settings import Settings, process_environ


def night(args: argparse.Namespace) -> None:
    from nightshelf.night.night import run_night

    context = _context()
    run_night(context, parse_date(args.date), _environ())


def ready(args: argparse.Namespace) -> None:
    from nightshelf.night.ready import must_be_free, must_be_ready
    from nightshelf.night.step import run_name

    if args.lifeline:
        threading.Thread(target=_end_with_caller, daemon=True).start()
    context, day = _context(), parse_date(args.date)
    must_be_ready(context, day)
    must_be_free(context, run_name(args.date, args.origin), day)
    context.say(f"input for {args.date} is complete")


def step(args: argparse.Namespace) -> None:
    from nightshelf.night.step import run_name, run_step

    if args.lifeline:
        threading.Thread(target=_end_with_caller, daemon=True).start()
    day = parse_date(args.date).isoformat()
    run = run_name(day, args.origin)
    run_step(_context(), args.step, date=day, run=run, environ=_environ())


def runs(args: argparse.Namespace) -> None:
    from nightshelf.ops.runs import recent_runs

    context = _context()
    for row in recent_runs(context.ops, limit=args.limit):
        release = f"release {row['release']}" if row["release"] else ""
        error = (row["error"] or "").splitlines()[:1]
        started = row["started_at"].strftime("%Y-%m-%d %H:%M")
        words = [row["run"], row["date"], row["state"], row["step"], started, release, *error]
        context.say("  ".join(word for word in words if word))


def _context() -> Context:
    return Context(Settings.from_environ(), utc_now, _say)


def _environ() -> Mapping[str, str]:
    from nightshelf.services.configuration import of_settings

    return {**process_environ(), **of_settings(Settings.from_environ())}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _end_with_caller() -> None:
    # The bare descriptor: a thread that waits in sys.stdin would hold its lock at our exit.
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
