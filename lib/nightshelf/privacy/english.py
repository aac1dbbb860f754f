"""Whether a text is English, the one language whose names are known here."""

import re
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lingua import LanguageDetector

#: Part of the redactor's version: another detector may tell other texts apart.
DETECTOR = f"lingua-{version('lingua-language-detector')}"

#: English has to win against those that are written alike.
_ENGLISH = "EN"
_BESIDE = (_ENGLISH, "DE", "FR", "ES", "IT", "PT", "NL", "SV", "DA", "PL", "TR")
#: Fewer words say too little; names are looked for in them as if they were English.
_LEAST_WORDS = 4
_SURE, _DOUBTFUL = 0.8, 0.1
_FOREIGN_SHARE = 0.1
# No other language that is written alike has two of these; the detector takes its time.
_PLAINLY = frozenset(
    {"the", "and", "this", "it", "my", "with", "not", "but", "very", "have", "that", "they", "you"}
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")


def is_english(text: str) -> bool:
    """
    By script, then by words; of a few words, and in doubt, yes: they are looked through then.

    >>> is_english("Works as it should"), is_english("Funktioniert so wie es soll, sehr gut")
    (True, False)
    """
    letters = [char for char in text if char.isalpha()]
    latin = sum(bool(_LATIN.match(char)) for char in letters)
    if len(letters) - latin > _FOREIGN_SHARE * len(letters):
        return False
    words = re.findall(r"[^\W\d_]{2,}", text)
    if len(words) < _LEAST_WORDS:
        return True
    plainly = [word for word in words if word.lower() in _PLAINLY]
    if len(set(plainly)) > 1 and len(plainly) >= _FOREIGN_SHARE * len(words):
        return True
    values = _detector().compute_language_confidence_values(" ".join(words))
    found = {one.language.iso_code_639_1.name: one.value for one in values}
    best = max(found, key=lambda one: found[one])
    return best == _ENGLISH or found[best] < _SURE or found[_ENGLISH] > _DOUBTFUL


@cache
def _detector() -> "LanguageDetector":
    # A night whose names stay, and each command, does without it.
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [IsoCode639_1.from_str(code) for code in _BESIDE]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
