"""`nightshelf report`: what a run did, on the terminal or as a page to mail."""

import argparse
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightshelf.errors import NightshelfError
from nightshelf.report.printed import printed
from nightshelf.report.run import run_report
from nightshelf.report.shape import RunReport
from nightshelf.report.source import Page
from nightshelf.report.text import visible
from nightshelf.services import private
from nightshelf.settings import Settings

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def report(args: argparse.Namespace) -> None:
    settings = Settings.from_environ()
    if args.out:
        _can_be_written(Path(args.out))
    found = run_report(settings, args.run, Page(offset=args.offset, rows=args.rows))
    if not args.out and not args.keep:
        sys.stdout.writelines(f"{line}\n" for line in printed(found))
        return
    # Imported here: whoever reads on the terminal needs no templates.
    from nightshelf.report.page import page

    out = kept_at(settings.home, found) if args.keep else Path(args.out)
    write = private.write if args.keep else _write
    with _in_words(out):
        write(out, page(found))
    sys.stdout.write(f"{args.out or out}: the report of run {visible(found['run'])}\n")


def _can_be_written(out: Path) -> None:
    if out.suffix not in (".html", ".htm"):
        raise NightshelfError(f"{out}: the name must end in .html")
    if not out.parent.is_dir():
        raise NightshelfError(f"{out.parent} is not a folder")


def kept_at(home: Path, found: RunReport) -> Path:
    """Where the report of a night's date is kept; raise `NightshelfError` for a run without one."""
    date = found["date"]
    if not _DATE.fullmatch(date):
        run = visible(found["run"])
        raise NightshelfError(f"run {run} is no night, so it has no date: use --out FILE.html")
    return home / "reports" / f"{date}.html"


def _write(out: Path, text: str) -> None:
    out.write_text(text, encoding="utf-8")


@contextmanager
def _in_words(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NightshelfError(f"{out} cannot be written: {error.strerror}") from None
