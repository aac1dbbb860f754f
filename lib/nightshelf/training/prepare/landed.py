"""Reviews as they were landed, date by date, to learn from."""

from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.landing.dates import parse_date
from nightshelf.landing.folders import date_folders
from nightshelf.landing.ready import Ready, readiness
from nightshelf.landing.success import data_files

_REVIEWS = "reviews"


def landed_files(landing: Path, first: str | None, last: str | None) -> list[Path]:
    """
    Files of the closed dates from `first` to `last`, both included and each open where it is None.

    Raise `ContractError` for what is no date, or where no date among them is closed.
    """
    for text in filter(None, (first, last)):
        parse_date(text)
    found = [
        path
        for date, folder in date_folders(landing, _REVIEWS)
        if (first or date) <= date <= (last or date) and isinstance(readiness(folder), Ready)
        for path in sorted(data_files(folder))
    ]
    if not found:
        raise ContractError(
            f"no reviews have landed from {first or 'the first date'} to {last or 'the last'}:"
            " land them, or name files with --data"
        )
    return found
