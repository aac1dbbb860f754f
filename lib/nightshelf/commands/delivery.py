"""`nightshelf land | withdraw`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land as land_files
from nightshelf.landing.withdraw import withdraw as withdraw_files
from nightshelf.settings import Settings


def land(args: argparse.Namespace) -> None:
    settings = Settings.from_environ()
    landed = land_files(
        settings.landing,
        args.dataset,
        [Path(file) for file in args.files],
        parse_date(args.date),
        rename=renames(args.rename),
        mode=args.mode,
    )
    for warning in landed.warnings:
        sys.stderr.write(f"nightshelf: warning: {warning}\n")
    for name, rows in landed.rows.items():
        left_out = ", ".join(landed.dropped[name])
        note = f" (columns left out: {left_out})" if left_out else ""
        sys.stdout.write(f"{landed.folder / name}: {rows} rows{note}\n")
    for name in landed.carried:
        sys.stdout.write(f"{landed.folder / name}: as it is, for the night to reject\n")


def withdraw(args: argparse.Namespace) -> None:
    settings = Settings.from_environ()
    withdraw_files(settings.landing, args.dataset, args.files, parse_date(args.date))
    sys.stdout.write(
        f"withdrawn: {', '.join(args.files)}; the next night, or"
        f" `nightshelf night --date {args.date}`, takes their rows back\n"
    )


def renames(pairs: Sequence[str]) -> dict[str, str]:
    """Field to column, of words such as `body=text`; raise `ContractError` for other words."""
    columns: dict[str, str] = {}
    for pair in pairs:
        field, equals, column = pair.partition("=")
        if not (field and equals and column):
            raise ContractError(f"--rename {pair}: write FIELD=COLUMN, such as body=review_text")
        if field in columns:
            raise ContractError(f"--rename names the field {field} twice")
        columns[field] = column
    return columns
