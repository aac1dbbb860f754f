"""Find phone numbers, and leave the many other numbers of a shop alone."""

import re
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from nightshelf.privacy.spans import Span, masked

#: Countries whose way of writing a number without `+` is known; tried in this order.
REGIONS = ("US", "GB", "DE", "FR", "ES", "CN")

_GAP = "[ \\t\u00a0\u2000-\u200a\u202f()./\u2010-\u2015\u2212~-]"
# A run of more digits is read piece by piece.
_LONGEST = 60
_WHOLE = 9
_PLUS = "[+\uff0b]"
_CANDIDATE = re.compile(rf"(?:{_PLUS} ?)?\(?{_PLUS}?\d(?:{_GAP}{{0,4}}\d){{6,{_LONGEST}}}")

# Dates, IP addresses and web addresses are taken out before anybody looks for numbers.
_NO_NUMBER = re.compile(
    r"(?<!\d)(?:19|20)\d\d([-./ ])\d{1,2}\1\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}([-./ ])\d{1,2}\2(?:19|20)\d\d(?!\d)"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
    r"|\b(?:https?://|www\.)\S+"
)

# What stands right before a number says what it is.
_LABEL_OF_OTHER = re.compile(
    r"(?:\b(?:isbn(?:-?1[03])?|ean(?:-?\d+)?|gtin|upc|asin|sku|mpn|imei|art|artikel\w*|item|model\w*|"
    r"ref|r[eé]f[eé]rence|order|bestell\w*|auftrag\w*|commande|pedido|invoice|rechnung\w*|serial|"
    r"sn|s/n|batch|lot|code|tracking|sendung\w*|product|produkt\w*|part|barcode)|订单号?|编号|货号|条码|单号)"
    r"(?:\W{0,3}(?:number|no|nr|num|nummer|num[eé]ro|n[uú]mero|id|is|code|was|n°|#))*\W{0,3}$",
    re.IGNORECASE,
)
_LABEL_OF_PHONE = re.compile(
    r"(?:(?<!\[)\b(?:tel|telephone|telefon\w*|t[eé]l[eé]phone\w*|tel[eé]fono|phone|call(?:ed|ing)?|ring|"
    r"mobile|cell|whatsapp|sms|fax|hotline|handy\w*|anrufen|ruf\w*|appel\w*|m[oó]vil|llam\w*)\b"
    r"|电话|手机|致电|联系)(?:\W+\w+){0,3}\W{0,4}$",
    re.IGNORECASE,
)
_REACH = 48
# Any country, for a number that begins with `+`.
_ABROAD = [(Leniency.VALID, "ZZ"), (Leniency.POSSIBLE, "ZZ")]

# Product codes run on into letters; prices and shares carry a sign.
_OTHER_BEFORE = re.compile(r"(?:[a-z\u00c0-\u024f_#=&]|[$€£¥₹]\s?)$", re.IGNORECASE)
_OTHER_AFTER = re.compile(r"(?!x\s?\d|ext)[a-z\u00c0-\u024f]|\s?[%$€£¥₹]", re.IGNORECASE)


def find_phones(text: str, regions: tuple[str, ...] = REGIONS) -> Iterator[Span]:
    """
    Numbers in international form, valid numbers of `regions`, and whatever is called a phone
    number by the words before it and has the length of one.

    >>> list(find_phones("call +44 20 7946 0018, order 1234567"))
    [Span(start=5, end=21, kind='phone')]
    """
    if not _CANDIDATE.search(text):
        return
    quiet = masked(text, (Span(*match.span(), "") for match in _NO_NUMBER.finditer(text)))
    for match in _CANDIDATE.finditer(quiet):
        before = quiet[max(0, match.start() - _REACH) : match.start()]
        international = bool(re.search(_PLUS, match[0]))
        if international or not _is_other(quiet, match, before):
            called_so = bool(_LABEL_OF_PHONE.search(before))
            tries = [*_ABROAD * international, *_tries(regions, called_so=called_so)]
            for start, end in _numbers(match[0], tries):
                yield Span(match.start() + start, match.start() + end, "phone")


def _is_other(text: str, match: re.Match[str], before: str) -> bool:
    return bool(
        _OTHER_BEFORE.search(before)
        or _OTHER_AFTER.match(text, match.end())
        or _LABEL_OF_OTHER.search(before)
    )


def _tries(regions: tuple[str, ...], *, called_so: bool) -> Iterator[tuple[int, str]]:
    yield from ((Leniency.VALID, region) for region in regions)
    if called_so:
        yield from ((Leniency.POSSIBLE, region) for region in regions)


def _numbers(text: str, tries: list[tuple[int, str]]) -> list[tuple[int, int]]:
    """Where the numbers are, read the first way that finds any."""
    for leniency, region in tries:
        matches = PhoneNumberMatcher(text, region, leniency=leniency)
        if found := [(m.start, m.end) for m in matches if _is_whole(m.raw_string, leniency)]:
            return found
    return []


def _is_whole(raw: str, leniency: int) -> bool:
    """Without area code or a word that says so, six digits are sizes rather than a number."""
    digits = sum(char.isdecimal() for char in raw)
    return leniency == Leniency.POSSIBLE or digits >= _WHOLE or raw.lstrip("(")[0] in "0+\uff0b"
