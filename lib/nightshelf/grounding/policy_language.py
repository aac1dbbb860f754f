"""Whether a text is written in the language that its rules name."""

import re
from collections.abc import Iterator
from functools import cache

from lingua import IsoCode639_1, Language, LanguageDetector, LanguageDetectorBuilder

from nightshelf.contracts.description_rules import CHINESE
from nightshelf.contracts.product_fields import ProductFields

#: A language has to win against those that are written alike.
_BESIDE = ("EN", "DE", "FR", "ES", "IT", "PT", "NL", "ZH", "JA")
#: A shorter sentence, without the words of its fields, says too little to be judged by its words.
_LEAST_WORDS = 5
_LONGEST_NAME, _MOST_FOREIGN = 7, 8
_SURE, _DOUBTFUL = 0.8, 0.1
_WINDOW = 8
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_KANA_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af\u1100-\u11ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def is_other_language(text: str, language: str, fields: ProductFields) -> bool:
    """
    By script, then sentence by sentence by its words; a field's own words count for no language.

    >>> nothing = ProductFields(title="")
    >>> is_other_language("Gemacht aus Stahl und sehr leicht zu tragen.", "en", nothing)
    True
    >>> is_other_language("Lampe Bügel is black.", "en", ProductFields(title="Lampe Bügel"))
    False
    """
    rest = without_fields(text, language, fields)
    letters = [char for char in rest if char.isalpha()]
    han = sum(bool(_HAN.match(char)) for char in letters)
    latin = sum(bool(_LATIN.match(char)) for char in letters)
    others = len(letters) - han - latin
    if _KANA_HANGUL.search(rest) or others > max(2, 0.05 * len(letters)):
        return True
    if language == CHINESE:
        return latin > han or _has_foreign(rest, language)
    return han > 0 or _has_foreign(rest, language)


def without_fields(text: str, language: str, fields: ProductFields) -> str:
    """The text without what it quotes of the fields, longest first."""
    quoted: set[str] = set()
    for name, value in fields.named():
        if not (_is_quotable(value, language) and _is_quotable(name, language)):
            continue
        parts = re.split(r"[,;，；、/>]", value)
        quoted |= {value, *parts, name.partition(".")[2]}
    for one in sorted((part.strip() for part in quoted), key=len, reverse=True):
        if len(one) > 1:
            edge = r"\b" if one[0].isascii() and one[-1].isascii() else ""
            text = re.sub(f"{edge}{re.escape(one)}{edge}", " ", text, flags=re.I)
    return text


def _is_quotable(value: str, language: str) -> bool:
    """Names of goods are of any language; a sentence in a third one is no name."""
    letters = [char for char in value if char.isalpha() and not _LATIN.match(char)]
    foreign = sum(language != CHINESE or not _HAN.match(char) for char in letters)
    words = len(re.findall(r"[^\W\d_]{2,}", value))
    return foreign <= _MOST_FOREIGN and not (words > _LONGEST_NAME and _has_foreign(value, CHINESE))


def _has_foreign(text: str, language: str) -> bool:
    """Of a Chinese text, whether it has a sentence that is neither Chinese nor English."""
    wanted = {Language.from_iso_code_639_1(IsoCode639_1.from_str(language.upper()))}
    if language == CHINESE:
        wanted.add(Language.ENGLISH)
    for sentence in re.split(r"(?<=[.!?。！？])\s*|\n", text):
        words = re.findall(r"[^\W\d_]{2,}", sentence)
        is_long = len(words) >= _LEAST_WORDS or len(_HAN.findall(sentence)) >= 2 * _LEAST_WORDS
        if not is_long or (language == CHINESE and _HAN.search(sentence)):
            continue
        if any(_is_foreign(piece, wanted) for piece in _pieces(words or [sentence])):
            return True
    return False


def _pieces(words: list[str]) -> Iterator[str]:
    """The whole, and windows of a long one: a foreign clause may lie within a native sentence."""
    yield " ".join(words)
    for start in range(0, len(words) - _WINDOW, _WINDOW // 2):
        yield " ".join(words[start : start + _WINDOW])


def _is_foreign(text: str, wanted: set[Language]) -> bool:
    values = _detector().compute_language_confidence_values(text)
    found = {one.language: one.value for one in values}
    best = max(found, key=lambda one: found[one])
    doubt = max(found[one] for one in wanted)
    return best not in wanted and found[best] >= _SURE and doubt <= _DOUBTFUL


@cache
def _detector() -> LanguageDetector:
    codes = [IsoCode639_1.from_str(code) for code in _BESIDE]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
