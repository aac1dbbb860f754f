"""`nightshelf report`: what a run did, on the terminal or as a page to mail."""

import argparse
import sys
from pathlib import Path

from nightshelf.errors import NightshelfError
from nightshelf.report.printed import printed
from nightshelf.report.run import run_report
from nightshelf.report.source import Page
from nightshelf.report.text import visible
from nightshelf.settings import Settings


def report(args: argparse.Namespace) -> None:
    if args.out:
        _can_be_written(Path(args.out))
    found = run_report(Settings.from_environ(), args.run, Page(offset=args.offset, rows=args.rows))
    if not args.out:
        sys.stdout.writelines(f"{line}\n" for line in printed(found))
        return
    # Imported here: whoever reads on the terminal needs no templates.
    from nightshelf.report.page import page

    _write(Path(args.out), page(found))
    sys.stdout.write(f"{args.out}: the report of run {visible(found['run'])}\n")


def _can_be_written(out: Path) -> None:
    if out.suffix not in (".html", ".htm"):
        raise NightshelfError(f"{out}: the name must end in .html")
    if not out.parent.is_dir():
        raise NightshelfError(f"{out.parent} is not a folder")


def _write(out: Path, text: str) -> None:
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NightshelfError(f"{out} cannot be written: {error.strerror}") from None
