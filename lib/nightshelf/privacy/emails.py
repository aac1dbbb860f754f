"""Find e-mail addresses, also those written for people: `jo (at) example (dot) org`."""

import re
from collections.abc import Iterator

from nightshelf.privacy.spans import Span

# Chinese, Japanese and Korean are written without spaces, so a letter of theirs before an
# address is the sentence, not the address; in front of `@` itself it is the address.
_EAST_ASIAN = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
# Combining accents and invisible characters do not end an address.
_JOINING = "\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff"
_LETTER = rf"(?:(?![{_EAST_ASIAN}])[\w{_JOINING}])"
_LOCAL = rf"(?:{_LETTER}|[.+%&'*/=!#$^~-])"
_LABEL = rf"(?:{_LETTER}|-)++"
_TOP = rf"(?:xn--[a-z0-9-]{{2,30}}|(?:(?![\d_]){_LETTER}){{2,24}})"
_DOMAIN = rf"(?:{_LABEL}[.\uff0e])+{_TOP}"
_ASIAN_DOMAIN = rf"(?:[\w-]++[.\uff0e])+[{_EAST_ASIAN}a-z]{{2,12}}"

# Possessive quantifiers and the lookbehind keep the search linear in hostile texts.
_PLAIN = re.compile(
    rf"(?<!{_LOCAL}){_LOCAL}++[@\uff20](?:{_DOMAIN}|\[\d[\d.]{{6,14}}\])"
    rf"|(?<![{_EAST_ASIAN}])[{_EAST_ASIAN}]++[@\uff20]{_ASIAN_DOMAIN}",
    re.IGNORECASE,
)

_WIDE_AT = "\uff20"

_WORD = r"[a-z0-9][a-z0-9._+-]{0,63}"
_AT = r"\s?[(\[{<]\s?(?:at|@|ät|arroba)\s?[)\]}>]\s?"
_DOT = r"(?:\s?[(\[{<]\s?(?:dot|\.|punkt|point|punto)\s?[)\]}>]\s?|\s?\.\s?|\s+dot\s+)"
_TOPS = r"(?:com|org|net|edu|gov|info|eu|de|fr|uk|cn)"
_SPELT = re.compile(
    rf"(?<![a-z0-9._+-]){_WORD}{_AT}[a-z0-9-]{{1,63}}(?:{_DOT}[a-z0-9-]{{1,63}}){{0,3}}"
    rf"{_DOT}[a-z]{{2,24}}(?![a-z0-9])"
    # Without brackets, `at` and `dot` are plain words: only well-known endings make an address.
    rf"|(?<![a-z0-9._+-]){_WORD}\s+at\s+[a-z0-9-]{{1,63}}(?:\s+dot\s+[a-z0-9-]{{1,63}}){{0,2}}"
    rf"\s+dot\s+{_TOPS}(?![a-z0-9])",
    re.IGNORECASE,
)
_SPELT_HINT = re.compile(r"[(\[{<]\s?(?:at|@|ät|arroba)\s?[)\]}>]|\sdot\s", re.IGNORECASE)


def find_emails(text: str) -> Iterator[Span]:
    """
    >>> list(find_emails("write to jo@example.org."))
    [Span(start=9, end=23, kind='email')]
    """
    if "@" in text or _WIDE_AT in text:
        yield from (Span(*match.span(), "email") for match in _PLAIN.finditer(text))
    if _SPELT_HINT.search(text):
        yield from (Span(*match.span(), "email") for match in _SPELT.finditer(text))
