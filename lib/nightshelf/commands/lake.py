"""`nightshelf show | explain | releases | rollback`."""

import argparse
import sys
from pathlib import Path

from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.explain import explained
from nightshelf.lakehouse.read import print_rows, read_table, write_rows
from nightshelf.lakehouse.release import releases as list_releases
from nightshelf.lakehouse.rollback import rollback as roll_back
from nightshelf.night.context import utc_now
from nightshelf.night.waiting import waiting
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings


def show(args: argparse.Namespace) -> None:
    catalog = open_catalog(Settings.from_environ())
    scan, where = read_table(catalog, args.table, args.release)
    if args.out:
        rows = write_rows(scan, Path(args.out))
        sys.stdout.write(f"{args.out}: {rows} rows of {where}\n")
    else:
        sys.stdout.write(f"{where}\n")
        sys.stdout.writelines(f"{line}\n" for line in print_rows(scan, args.rows))


def explain(args: argparse.Namespace) -> None:
    catalog = open_catalog(Settings.from_environ())
    sys.stdout.writelines(f"{line}\n" for line in explained(catalog, args.id, args.release))


def releases(_: argparse.Namespace) -> None:
    settings = Settings.from_environ()
    found = list_releases(open_catalog(settings))
    sys.stdout.writelines(f"{line}\n" for line in waiting(open_ops(settings.ops_database), found))
    for one in reversed(found):
        what = f"of {', '.join(one.dates)}" if one.dates else ""
        withdrawn = f"withdraws {', '.join(one.withdrawn)}" if one.withdrawn else ""
        at = one.released_at.strftime("%Y-%m-%d %H:%M:%S")
        words = [f"{one.release:>5}", at, one.kind, what, withdrawn, one.run, one.reason]
        sys.stdout.write("  ".join(word for word in words if word) + "\n")


def rollback(args: argparse.Namespace) -> None:
    catalog = open_catalog(Settings.from_environ())
    done = roll_back(catalog, args.release, reason=args.reason, now=utc_now())
    sys.stdout.write(f"release {done.release} shows what release {args.release} showed\n")
    if done.withdrawn:
        days = ", ".join(done.withdrawn)
        sys.stdout.write(f"withdrawn until their nights are run again: {days}\n")
