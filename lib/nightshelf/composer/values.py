"""What an attribute's value is: junk, a flag, a measure, a list."""

import re
from collections.abc import Sequence

from nightshelf.composer.lexicon import WORDS

#: A longer value is prose, and not ours to repeat.
LONGEST = 140
_LONGEST_SENTENCE = 90

_NUMBER = r"\d+(?:[.,]\d+)?(?:\s?/\s?\d+)?"
_RANGE = rf"{_NUMBER}(?:\s?[-–~]\s?{_NUMBER})?"
_UNIT = (
    r"(?:cm|mm|m|km|inch(?:es)?|in|ft|feet|\"|kg|g|mg|lbs?|oz|fl oz|l|ml|cl|litres?|liters?|"
    r"kW|W|V|A|mAh|Ah|Wh|Hz|kHz|GHz|dB|lm|K|h|hours?|min(?:utes)?|s|rpm|bar|°C|°F|%|HRC|"
    r"carats?|ct|K|km/h|g/m²|gsm|persons?|people|pieces?|厘米|毫米|米|公斤|千克|克|斤|升|毫升|"
    r"瓦|伏|小时|分钟|英寸|寸|件|片|个|度)"
)
_MEASURE = re.compile(rf"(?:[<>≤≥~±+-]\s?)?{_RANGE}\s?{_UNIT}", re.IGNORECASE)
_BARE = re.compile(r"\d+(?:[.,]\d+)?")
_CROSSES = re.compile(r"(?<=\d)(?P<unit>\s?[A-Za-z\"]{0,4})\s?[xX×*]\s?(?=\d)")
_AREA = re.compile(
    rf"{_RANGE}(?:\s?{_UNIT})?(?:\s×\s{_RANGE}(?:\s?{_UNIT})?){{1,3}}", re.IGNORECASE
)
_UNIT_IN_NAME = re.compile(
    r"^(?P<name>.+?)(?:[ _]+(?P<plain>cm|mm|kg|g|ml|w|v)|\s*[(（\[](?P<unit>[A-Za-z%°\"]{1,6}|"
    r"厘米|毫米|公斤|克|升|毫升)[)）\]])$",
    re.IGNORECASE,
)
_UNFIT = re.compile(
    r"https?:|www\.|@|[<>{}|\\]|[$€£¥₹￥]|\bRs\.?\s?\d|\[(?:email|phone|card|iban)\]|\.\.\.|…|"
    r"//|view more|click here|[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x1f]",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*(?:[;；、|]|,(?!\d)|，)\s*(?![^(（]*[)）])")


def is_junk(value: str) -> bool:
    """
    Says nothing, or nothing that may be repeated.

    >>> [is_junk(v) for v in ("N/A", "unknown", "oak", "see https://a.example", "-")]
    [True, True, False, True, True]
    """
    plain = value.strip().casefold()
    if plain in WORDS["junk"] or not any(char.isalnum() for char in plain):
        return True
    is_prose = len(value) > _LONGEST_SENTENCE and re.search(r"[.!?。！？]\s*\S", value)
    return len(value) > LONGEST or bool(is_prose or _UNFIT.search(value))


def flag(value: str) -> tuple[bool | None, str]:
    """
    Whether the value says yes or no, and what it says besides.

    >>> flag("Yes"), flag("no"), flag("yes, 6 levels"), flag("oak")
    ((True, ''), (False, ''), (True, '6 levels'), (None, 'oak'))
    """
    head, _, rest = value.partition(",") if "," in value else value.partition("，")
    plain = head.strip().casefold()
    if plain in WORDS["yes"]:
        return True, rest.strip()
    if plain in WORDS["no"]:
        return False, rest.strip()
    return None, value


def named_unit(name: str, value: str) -> tuple[str, str]:
    """
    A unit that stands in the attribute's name goes to the number.

    >>> named_unit("width_cm", "60"), named_unit("Weight (kg)", "2.5"), named_unit("made in", "2")
    (('width', '60 cm'), ('Weight', '2.5 kg'), ('made in', '2'))
    """
    match = _UNIT_IN_NAME.match(name)
    if match is None or not _BARE.fullmatch(value):
        return name, value
    return match["name"], f"{value} {match['plain'] or match['unit']}"


def is_measure(value: str) -> bool:
    """
    A number or a range with a unit, and nothing else.

    >>> is_measure("26 cm"), is_measure("105-135 cm"), is_measure("IPX4"), is_measure("26")
    (True, True, False, False)
    """
    return _MEASURE.fullmatch(value) is not None


def is_bare_number(value: str) -> bool:
    return _BARE.fullmatch(value) is not None


def is_area(value: str) -> bool:
    """
    >>> is_area(tidy("55x38 x20cm")), is_area("55 cm")
    (True, False)
    """
    return _AREA.fullmatch(value) is not None


def tidy(value: str) -> str:
    """
    Measures in one way of writing; nothing else changes.

    >>> tidy("55x38 x 20cm"), tidy("2,4kg")
    ('55 × 38 × 20 cm', '2,4 kg')
    """
    crossed = _CROSSES.sub(lambda match: f"{match['unit'].rstrip()} × ", value)
    if is_measure(crossed) or is_area(crossed):
        return re.sub(r"(?<=\d)(?=[A-Za-z°])", " ", crossed)
    return crossed.rstrip(" .,;")


def parts(value: str, also: str = "") -> Sequence[str]:
    """
    What a value lists, each once; commas in brackets and between digits part nothing.

    >>> parts("gas, induction,oven"), parts("1,200 W"), parts("case (red, blue), cable")
    (['gas', 'induction', 'oven'], ['1,200 W'], ['case (red, blue)', 'cable'])
    """
    whole = value.replace(also, ",") if also else value
    found = [tidy(part.strip()) for part in _PARTS.split(whole)]
    return list({part.casefold(): part for part in found if part and not is_junk(part)}.values())
