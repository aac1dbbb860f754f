"""Find postal addresses by their shape: number and street, unit, box, postcode, what follows."""

import re
from collections.abc import Iterator

from nightshelf.privacy.spans import Span, merged

# Of a street's name: it begins with a capital letter, or joins two words that do.
_JOINING = r"d[aeiou]s?|de[lr]?|van|von|la|le|les|ibn|of|and"
_WORD = rf"(?:[^\W\d_a-zß-öø-ÿ][\w'’.-]*|\d+(?:st|nd|rd|th)|{_JOINING})"
_NAME = rf"(?:{_WORD}[ ]){{1,4}}"
_SURE = r"Street|Road|Avenue|Lane|Boulevard|Drive|Terrace|Crescent|Highway|Parkway"
_KIND = (
    rf"(?:{_SURE}|Str|St|Rd|Ave|Av|Ln|Dr|Court|Ct|Place|Pl|Blvd|Way|Close|Square|Sq|Hwy|Pkwy|"
    r"Circle|Cir|Trail|Alley|Row|Mews|Grove|Gardens|Heights|Hill|Isle|Ridge)\b\.?"
)
_SIDE = r"(?:[ ](?:North|South|East|West|N|S|E|W|NE|NW|SE|SW)\b\.?)?"
_ENGLISH = rf"\b(?:\d{{1,6}}[A-Za-z]?[ ,]{{1,2}}){{1,2}}{_NAME}{_KIND}{_SIDE}"

# Elsewhere the kind comes first, or ends the street's name, and the number comes last.
_FIRST = (
    r"(?:Rua|[Rr]ue|Via|Viale|Calle|C/|Avda|Avenida|Av\.?|[Aa]venue|Plaza|Piazza|Praça|Paseo|"
    r"Travessa|Largo|[Qq]uai|[Cc]hemin|Allée|Impasse|[Uu]l\.|Al\.|Pl\.|Os\.|Strada|Corso|Rambla)"
)
_JOINED = (
    r"\b[^\W\d_][\w-]*(?:stra(?:ß|ss)e|str\.|gasse|weg|platz|allee|damm|ufer|laan|straat|steenweg|"
    r"dijk|plein|gade|gatan|vägen|gata|vej|veien|vegen|katu|tie|kuja|(?i:-platz|-straße))"
)
_APART = r"\b[^\W\d_][\w-]*[ ](?:(?i:strasse|straße|utca|út|tér|ulice|ulica|sokak|caddesi|weg))"
_NUMBER = r"[ ]\d{1,5}[a-z]?\b\.?"
_FOREIGN = (
    rf"(?:\b\d{{1,6}}[ ]){{0,2}}(?:(?<!\w){_FIRST}[ ](?:[\w'’.-]+[ ]){{0,5}}[\w'’.-]*\d{{1,5}}\b"
    rf"|{_JOINED}{_NUMBER}|{_APART}{_NUMBER})"
)
_UNIT = r"\b(?:Apt|Apartment|Suite|Ste|Unit|Flat|Room|Rm)\b\.?[ ]#?\d{1,5}[A-Za-z]?\b"
_STATE = r"\b(?:APO|DPO|FPO|Apo|Dpo|Fpo)[ ](?:AA|AE|AP|Aa|Ae|Ap)[ ]\d{5}\b"
_BOX = (
    r"(?:\b\d{1,5}[ ])?(?:\bP\.?[ ]?O\.?[ ]?Box|\bPSC|\bPsc|\bUnit)[ ]#?\d{1,6}"
    r"(?:,?[ ]Box[ ]\d{1,6})?"
)
_SHIP = rf"\bUSN[SV][ ]{_WORD}\n{_STATE}"
_POSTCODE = (
    r"\b[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}\b"
    r"|\b[A-Z][a-z]+(?:[ ][A-Z][a-z]+)?,?[ ][A-Z]{2}[ ]\d{5}(?:-\d{4})?\b"
    r"|(?i:\b(?:zip|postcode|zip code|postal code)(?: is|:)? )\d{4,6}(?:-\d{3,4})?\b"
)
# A name between two numbers is one of goods, unless a town follows.
_BETWEEN = rf"\b\d{{1,5}}[ ](?=[^a-z]){_NAME}\d{{1,5}}(?=[,\n][ \n]?,?[ ]?{_WORD})"
_LIVED = (
    r"(?i:\b(?:lives?|lived|living|moved|located)[ ](?:on|at|to)[ ])"
    rf"(?:\d+[ ])?{_NAME}?{_WORD}(?:[ ]\d+)?"
)
_UNNUMBERED = rf"\b(?:[Oo]n|[Aa]t|[Tt]o|[Ii]n|[Oo]f)[ ](?:[A-Z][\w'’-]+[ ]){{1,3}}(?:{_SURE})\b"
_CALLED = r"(?i:\baddress(?: is|:| to my [a-z ]{3,20} to)[ ])[^.!?;\n]{0,30}\d[^.!?;]{2,90}"

# What may stand before a unit, and after any of these, up to the country and its postcode.
_BEFORE = r"(?:\b\d{1,6}[ ,]{1,2}(?:[\w'’./-]+[ ,]{1,2}){0,8}\n?[ ]?)"
_PART = rf"(?:{_WORD}|\d{{3,7}}(?:-\d{{3,4}})?|[A-Z]{{2}}|nan|the|\([A-Z]\w+\))"
_AFTER = rf"(?:,?[ \n][ ]?{_UNIT}){{0,2}}(?:[ ]?,?[ \n][ ]?,?[ ]?{_PART}){{0,8}}"

_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        *(f"(?:{one}){_AFTER}" for one in (_ENGLISH, _FOREIGN, _BOX, _BETWEEN)),
        f"{_BEFORE}{_UNIT}{_AFTER}",
        *(_SHIP, _STATE, _POSTCODE, _CALLED, _LIVED, _UNNUMBERED),
    )
)


def find_addresses(text: str) -> Iterator[Span]:
    """
    In reading order, without overlaps; a word that led to one may be part of it.

    >>> list(find_addresses("Please return it to 12 Mill Lane, Suite 4 if it breaks."))
    [Span(start=20, end=41, kind='address')]
    """
    titled = text.title()
    # In a text without capitals each word may be a name; whether it is one, the numbers say.
    if text == text.lower() and len(titled) == len(text):
        text = titled
    found = (match.span() for shape in _SHAPES for match in shape.finditer(text))
    yield from merged(Span(start, end, "address") for start, end in found)
