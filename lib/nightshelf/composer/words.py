"""English words: articles, number, lists, capitals."""

import re
from collections.abc import Sequence

from nightshelf.composer.lexicon import WORDS

_VOWEL_LETTERS = frozenset("AEFHILMNORSX")
_IRREGULAR = {
    "scarves": "scarf",
    "knives": "knife",
    "shelves": "shelf",
    "wolves": "wolf",
    "mice": "mouse",
    "children": "child",
    "men": "man",
    "women": "woman",
    "feet": "foot",
    "loaves": "loaf",
    "leaves": "leaf",
    "movies": "movie",
    "cookies": "cookie",
    "ties": "tie",
    "pies": "pie",
    "bellies": "belly",
    "dies": "die",
    "trophies": "trophy",
}
_SINGULAR_S = re.compile(
    r"(ss|us|sis|xis|os|series|species|lens|canvas|atlas|gas|chess|bus|bias|tennis|iris)$"
)
_ES = re.compile(r"(ch|sh|ss|x|zz)es$")
_TITLE_WORD = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+('s)?|[A-Z]{4,}")


def with_article(phrase: str) -> str:
    """
    >>> with_article("oak table"), with_article("USB cable"), with_article("LED lamp")
    ('an oak table', 'a USB cable', 'an LED lamp')
    >>> with_article("8 cm rod"), with_article("hour glass"), with_article("unisex ring")
    ('an 8 cm rod', 'an hour glass', 'a unisex ring')
    """
    return f"{'an' if _sounds_open(phrase) else 'a'} {phrase}"


def _sounds_open(phrase: str) -> bool:
    first = re.split(r"[\s/-]", phrase, maxsplit=1)[0]
    plain = first.casefold().strip("'\"()")
    if plain[:1].isdigit():
        return plain.startswith("8") or re.match(r"1[18](?!\d)", plain) is not None
    if plain in WORDS["vowel_sound"]:
        return True
    if plain.startswith(tuple(WORDS["consonant_sound"])):
        return plain[:3] in ("uni", "utt") and plain.startswith(("unin", "unim"))
    if first.isupper() and len(first) > 1 and first.isalpha() and len(first) <= 4:
        return first[0] in _VOWEL_LETTERS
    return plain[:1] in tuple("aeiouàáâäéèêíìîóòôöúùûü")


def singular(word: str) -> str:
    """
    >>> [singular(w) for w in ("watches", "dresses", "accessories", "Scarves", "glass", "mugs")]
    ['watch', 'dress', 'accessory', 'scarf', 'glass', 'mug']
    """
    plain = word.casefold()
    if plain in _IRREGULAR:
        return _IRREGULAR[plain]
    if plain.endswith("ies") and len(plain) > 4:
        return plain[:-3] + "y"
    if _ES.search(plain):
        return plain[:-2]
    return plain[:-1] if is_plural(plain) else plain


def is_plural(word: str) -> bool:
    """
    By its form alone.

    >>> [is_plural(w) for w in ("Mugs", "Glass", "Women", "Lens", "DAB")]
    [True, False, True, False, False]
    """
    plain = word.casefold()
    if plain in _IRREGULAR:
        return True
    return len(plain) > 3 and plain.endswith("s") and not _SINGULAR_S.search(plain)


def listed(items: Sequence[str], last: str = "and") -> str:
    """
    >>> listed(["gas"]), listed(["gas", "oven"]), listed(["a", "b", "c"])
    ('gas', 'gas and oven', 'a, b and c')
    >>> listed(["salt and pepper", "oil", "wine"])
    'oil, wine, salt and pepper'
    """
    if len(items) < 2:
        return "".join(items)
    double = [item for item in items if f" {last} " in item]
    if double or any("," in item for item in items):
        # An item that is a pair itself ends the list better than a second `and` would.
        return ", ".join([*(item for item in items if item not in double), *double])
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def small(phrase: str) -> str:
    """
    Words that are capitals for no reason but looks, in small letters; names stay.

    >>> small("Navy Blue"), small("100% POLYESTER"), small("PU, Egyptian Cotton"), small("V Neck")
    ('navy blue', '100% polyester', 'PU, Egyptian cotton', 'V neck')
    """
    return re.sub(r"[^\W\d_]+(?:'s)?", _small_word, phrase)


def _small_word(match: re.Match[str]) -> str:
    word = match[0]
    if word.casefold() in WORDS["proper"]:
        return word if word[:1].isupper() and not word.isupper() else word.title()
    # Letters right beside digits are a code: X50CrMoV15.
    text, start, end = match.string, match.start(), match.end()
    beside = text[max(0, start - 1) : start] + text[end : end + 1]
    if any(char.isdigit() for char in beside) or not _TITLE_WORD.fullmatch(word):
        return word
    return word.lower()


def sentence(text: str) -> str:
    """With a capital and a full stop; a first word with capitals inside stays as it is."""
    first = text.split(" ", 1)[0]
    start = text if any(char.isupper() for char in first[1:]) else text[:1].upper() + text[1:]
    return start if start.endswith((".", "!", "?")) else f"{start}."
