"""Find payment cards and IBANs: digits that pass their own check."""

import re
from collections.abc import Iterator

from stdnum import ean, iban, luhn

from nightshelf.privacy.spans import Span, masked

_SEPARATOR = "[ .\u00a0\u2009\u202f\u2010-\u2015-]"

# Cards are written as one block or in groups of digits; the longest way is tried first.
_GROUPS = ((4, 4, 4, 4, 3), (6, 13), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 5), (4, 4, 4, 1))
_WAYS = (r"\d{13,19}", *(_SEPARATOR.join(rf"\d{{{n}}}" for n in groups) for groups in _GROUPS))
# A lookahead, because the digits before a card may look like its beginning.
_CARDS = tuple(re.compile(rf"(?<!\d)(?<!\d[.,])(?=({way})(?!\d))") for way in _WAYS)
# The beginnings that issuers use, by number of digits; years (2019 2020 …) and the serial
# numbers of devices (15 digits) begin otherwise.
_ISSUERS = re.compile(
    r"4\d{12}|3[0689]\d{12}|(?:3[47]|1800|2131)\d{11,13}|(?:2[2-7]|[3456]\d)\d{14,17}"
)
_MAX_PRODUCT_CODE = 14

_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Za-z]{{2}}\d{{2}}(?:{_SEPARATOR}?[A-Za-z0-9]){{11,30}}")


def find_cards(text: str) -> Iterator[Span]:
    """
    Numbers of 13 to 19 digits that an issuer could have given out and that pass Luhn's check.

    >>> list(find_cards("paid with 4111 1111 1111 1111"))
    [Span(start=10, end=29, kind='card')]
    """
    for way in _CARDS:
        spans = [
            Span(*match.span(1), "card")
            for match in way.finditer(text)
            if _is_card("".join(str(int(char)) for char in match[1] if char.isdecimal()))
        ]
        kept = [
            span
            for index, span in enumerate(spans)
            if index == 0 or span.start >= spans[index - 1].end
        ]
        yield from kept
        text = masked(text, kept)


def _is_card(digits: str) -> bool:
    if not 13 <= len(digits) <= 19 or not _ISSUERS.fullmatch(digits):
        return False
    # A short number that is a sound EAN is a product's: cards of that length died out.
    is_product = len(digits) <= _MAX_PRODUCT_CODE and ean.is_valid(digits)
    return luhn.is_valid(digits) and not is_product


def find_ibans(text: str) -> Iterator[Span]:
    """
    >>> list(find_ibans("IBAN DE89 3704 0044 0532 0130 00, thanks"))
    [Span(start=5, end=32, kind='iban')]
    """
    for match in _IBAN.finditer(text):
        # The pattern may have eaten words that follow; each country's length is fixed.
        for end in range(match.end(), match.start() + 14, -1):
            if text[end - 1].isalnum() and _is_iban(text[match.start() : end]):
                yield Span(match.start(), end, "iban")
                break


def _is_iban(text: str) -> bool:
    compact = "".join(char for char in text if char.isalnum())
    return bool(iban.is_valid(compact, check_country=False))
