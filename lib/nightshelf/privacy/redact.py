"""Replace personal data with placeholders that say what was there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import phonenumbers
import stdnum

from nightshelf.privacy.detect import find_spans
from nightshelf.privacy.phones import REGIONS
from nightshelf.privacy.spans import replaced

#: Goes up with every change of what is found.
_RULES = 1

#: Recorded with each version of a row: these rules, and the libraries that know the numbers.
REDACTOR_VERSION = (
    f"rules-{_RULES} phonenumbers-{phonenumbers.__version__} stdnum-{stdnum.__version__}"
)


@dataclass(frozen=True)
class Redacted:
    """`counts`: how many were replaced, by kind; kinds that did not occur are absent."""

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)


def redact(text: str, regions: tuple[str, ...] = REGIONS) -> Redacted:
    """
    Pure and idempotent: the same text always gives the same result, and twice gives it again.

    >>> redact("call +44 20 7946 0018 or jo@example.org").text
    'call [phone] or [email]'
    """
    counts: Counter[str] = Counter()
    # Repeated, because a replacement can part what stood together; each round removes
    # digits or `@`, so this ends.
    while spans := find_spans(text, regions):
        counts.update(span.kind for span in spans)
        text = replaced(text, spans)
    return Redacted(text, dict(counts))
