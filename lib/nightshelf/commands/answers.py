"""`nightshelf answers retract | unretract`."""

import argparse
import getpass
import sys
from collections.abc import Iterator

from nightshelf.errors import NightshelfError
from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.retractions import Affected, affected, retract, unretract
from nightshelf.night.context import utc_now
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings


def answers(args: argparse.Namespace) -> None:
    if args.action == "unretract":
        _unretract(args)
    else:
        _retract(args)


def _retract(args: argparse.Namespace) -> None:
    settings = Settings.from_environ()
    ops, catalog = open_ops(settings.ops_database), open_catalog(settings)
    known = runs.find_run(ops, args.run)
    waves = runs.waves_of(ops, args.run)
    if known and known["state"] == runs.RUNNING:
        raise NightshelfError(f"run {args.run} is running; end it first, so that it adds no more")
    if not waves:
        raise NightshelfError(f"no run {args.run} has asked anything; see `nightshelf runs`")
    last_wave = max(wave["wave"] for wave in waves)
    found = affected(catalog, args.run, last_wave)
    sys.stdout.writelines(f"{line}\n" for line in _lines(found))
    if not found.answers:
        raise NightshelfError(f"the lake holds no answers of run {args.run}")
    if not args.yes:
        sys.stdout.write("nothing was changed; add --yes to retract these answers\n")
        return
    retract(
        catalog,
        {
            "run": args.run,
            "last_wave": last_wave,
            "who": args.by or getpass.getuser(),
            "reason": args.reason,
            "retracted_at": utc_now(),
        },
    )
    sys.stdout.write(f"the answers of run {args.run} are retracted; the next night asks anew\n")


def _unretract(args: argparse.Namespace) -> None:
    at = unretract(open_catalog(Settings.from_environ()), args.run)
    sys.stdout.write(
        f"the answers of run {args.run}, retracted {at:%Y-%m-%d %H:%M}, count again;"
        " what was asked since stays as it is\n"
    )


def _lines(found: Affected) -> Iterator[str]:
    for table, count in found.answers.items():
        yield f"lake.{table}: {count} answers"
    for table, count in found.published.items():
        yield f"{table}: {count} published rows, which the next night takes up again"
    if found.dates:
        days = ", ".join(found.dates)
        yield (
            f"landed on {days}; readers see them as they are until then. product_insight counts"
            " them in the pictures of those days until the nights of these days are run again"
        )
