"""A landing date as people write it: YYYY-MM-DD, and nothing else."""

import re
from datetime import date

from nightshelf.errors import ContractError

_FIRST_YEAR, _LAST_YEAR = 2000, 2199


def parse_date(text: str) -> date:
    """
    `ContractError` for anything that is not a day of the calendar between 2000 and 2199.

    >>> parse_date("2026-02-03")
    datetime.date(2026, 2, 3)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ContractError(f"{text!r} is not a date; write YYYY-MM-DD, such as 2026-02-03")
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        raise ContractError(
            f"{text!r} is not in the calendar; write a real day as YYYY-MM-DD"
        ) from None
    if not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:
        raise ContractError(
            f"{text!r} lies outside {_FIRST_YEAR} to {_LAST_YEAR}; write YYYY-MM-DD"
        )
    return parsed
