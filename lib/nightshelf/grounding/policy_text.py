"""A text as a person reads it, whatever characters it was hidden in."""

import re
import unicodedata
from collections.abc import Iterator

# Letters of other scripts that are drawn like Latin ones (Unicode TR 39 lists all there are).
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеіјорсхуѕԁɡһԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανι∕⁄․•·⋅",
    "ABESIJKMHOPCTXYaeijopcxysdghqwABEZHIKMNOPTYXoavi//....",
)
_LETTERS_APART = re.compile(r"(?<!\w)(?:\w[ ._*+~|-]{1,3}){3,}\w(?!\w)")
_GAPS = re.compile(r"[ ._*+~|-]+")
_BLANKS = re.compile(r"[ _*+~|-]+")
_HAN_APART = re.compile(r"(?<=[\u3400-\u9fff])[ ._*+~|-]+(?=[\u3400-\u9fff])")
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def is_hidden(char: str) -> bool:
    """
    Drawn as nothing, turning the direction, a control, or no character at all; line breaks are not.

    >>> [is_hidden(char) for char in ("a", "\\n", "\\u200b", "\\u202e", "\\x07", "\\ufe0f")]
    [False, False, True, True, True, True]
    """
    if char == "\n":
        return False
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    is_odd = unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
    return is_odd or is_selector or char in _FILLERS or char == "\ufffd"


def plain(text: str) -> str:
    """
    Compatibility forms resolved, hidden characters and accents apart gone, lookalikes as Latin.

    >>> plain("ｗｗｗ．ｅｖｉｌ․com"), plain("p\\u200brice"), plain("сheap")
    ('www.evil.com', 'price', 'cheap')
    """
    seen = "".join(char for char in text if not is_hidden(char))
    folded = unicodedata.normalize("NFKC", seen)
    bare = "".join(char for char in folded if not (unicodedata.combining(char)))
    return _as_latin(unicodedata.normalize("NFC", bare))


def _as_latin(text: str) -> str:
    """The full stop of Chinese stays one where Chinese is written."""
    return re.sub(
        r"[^\s\u3400-\u9fff]+", lambda match: match[0].translate(_LOOKALIKES), text
    ).replace("。", ". " if re.search(r"[a-zA-Z]。[a-zA-Z]", text) else "。")


def ways_to_read(text: str) -> Iterator[str]:
    """
    Each text in which a pattern is looked for: as it stands, plain, and with letters joined.

    >>> list(ways_to_read("v i s i t us"))[-1]
    'visit us'
    """
    told = plain(text)
    joined = _HAN_APART.sub("", told)
    # Dots between letters may be those of an address, or be there to part its letters.
    with_dots = _LETTERS_APART.sub(lambda match: _BLANKS.sub("", match[0]), joined)
    without = _LETTERS_APART.sub(lambda match: _GAPS.sub("", match[0]), joined)
    yield from dict.fromkeys((text, told, with_dots, without))


def words_of(text: str) -> list[str]:
    """
    Case-folded; each Han character is one.

    >>> words_of("The L-shaped 黑色 sofa")
    ['the', 'l', 'shaped', '黑', '色', 'sofa']
    """
    return re.findall(
        r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+", text.casefold()
    )
