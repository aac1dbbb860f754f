"""Where a data set's date lies: `landing/<dataset>/date=YYYY-MM-DD/`."""

from collections.abc import Iterator
from datetime import date as Date
from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.landing.dates import parse_date

_PREFIX = "date="


def date_folder(landing: Path, dataset: str, date: Date) -> Path:
    """The folder of one date, whether or not it exists."""
    return landing / dataset / f"{_PREFIX}{date.isoformat()}"


def date_folders(landing: Path, dataset: str) -> Iterator[tuple[str, Path]]:
    """Dates and their folders in order; a folder of another name is not a date's."""
    for folder in sorted((landing / dataset).glob(f"{_PREFIX}*")):
        text = folder.name.removeprefix(_PREFIX)
        if folder.is_dir() and _is_date(text):
            yield text, folder


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ContractError:
        return False
    return True
