"""`nightshelf night | ready | step | runs | fidelity`."""

import argparse
from pathlib import Path

from nightshelf.commands.edge import end_with_caller, job_environ, night_context
from nightshelf.landing.dates import parse_date


def night(args: argparse.Namespace) -> None:
    from nightshelf.night.night import run_night

    context, day = night_context(), parse_date(args.date)
    run_night(context, day, job_environ(), going_on=args.run, over_cap=args.over_cap)


def ready(args: argparse.Namespace) -> None:
    from nightshelf.night.ready import must_be_free, must_be_ready
    from nightshelf.night.step import run_name

    end_with_caller(args)
    context, day = night_context(), parse_date(args.date)
    must_be_ready(context, day)
    must_be_free(context, run_name(args.date, args.origin), day)
    context.say(f"input for {args.date} is complete")


def step(args: argparse.Namespace) -> None:
    from nightshelf.night.deciding import PLAN, decide_once
    from nightshelf.night.jobs import each_by_itself
    from nightshelf.night.step import run_name, run_step

    end_with_caller(args)
    context = night_context()
    if not args.date:
        from nightshelf.night.reanswer import run_of, step_of

        step_of(context, args.step, run_of(context, args.origin), job_environ())
        return
    day = parse_date(args.date).isoformat()
    run = run_name(day, args.origin)
    job = each_by_itself(context, day, run, job_environ())
    if args.step == PLAN:
        decide_once(context, run, args.over_cap)
    run_step(context, args.step, date=day, run=run, job=job)


def runs(args: argparse.Namespace) -> None:
    from nightshelf.lakehouse.release import releases
    from nightshelf.night.waiting import waiting
    from nightshelf.ops.runs import recent_runs

    context = night_context()
    for line in waiting(context.ops, releases(context.catalog)):
        context.say(line)
    for row in recent_runs(context.ops, limit=args.limit):
        release = f"release {row['release']}" if row["release"] else ""
        error = (row["error"] or "").splitlines()[:1]
        started = row["started_at"].strftime("%Y-%m-%d %H:%M")
        words = [row["run"], row["date"], row["state"], row["step"], started, release, *error]
        context.say("  ".join(word for word in words if word))


def fidelity(args: argparse.Namespace) -> None:
    from nightshelf.night.fidelity import judge
    from nightshelf.night.golden import texts_of_file, texts_of_lake

    context = night_context()
    texts = (
        texts_of_file(Path(args.texts), args.most)
        if args.texts
        else texts_of_lake(context, args.most)
    )
    judge(context, texts)
