"""Find personal data in text; kept apart from redacting, so that each can be measured."""

import re

from nightshelf.privacy.banking import find_cards, find_ibans
from nightshelf.privacy.emails import find_emails
from nightshelf.privacy.phones import REGIONS, find_phones
from nightshelf.privacy.spans import Span, masked

# Without seven digits close to one another there is no card, IBAN or phone number.
_DIGITS = re.compile(r"\d(?:[^\d\n]{0,6}\d){6}")


def find_spans(text: str, regions: tuple[str, ...] = REGIONS) -> list[Span]:
    """
    All personal data in reading order, without overlaps; what is found first is not read again.

    >>> find_spans("write to jo@example.org")
    [Span(start=9, end=23, kind='email')]
    """
    found = list(find_emails(text))
    if _DIGITS.search(text):
        rest = masked(text, found)
        for find in (find_ibans, find_cards):
            spans = list(find(rest))
            found += spans
            rest = masked(rest, spans)
        found += find_phones(rest, regions)
    return sorted(found)
