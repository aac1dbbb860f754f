"""Cut a text into words, numbers with their units, Chinese words and marks."""

import re
from collections.abc import Iterator

from nightshelf.grounding.chinese import cut_chinese
from nightshelf.grounding.lexicon import HAN, Lexicon, stem
from nightshelf.grounding.quantities import (
    DIGITS,
    TIMES,
    WORDS,
    Quantity,
    quantity_of,
    word_value,
)
from nightshelf.grounding.token import MARK, NUM, WORD, Token, measured
from nightshelf.grounding.units import unit_at

_SCAN = re.compile(
    rf"(?P<digits>\d)|(?P<word>(?:(?![{HAN}])[^\W\d_])(?:(?![{HAN}])[^\W_])*"
    rf"(?:'(?:(?![{HAN}])[^\W\d_])+)?)|(?P<han>[{HAN}]+)|(?P<mark>\S)"
)
_ATTACHED = re.compile(rf"(?:(?![{HAN}])[^\W_])+")
_TIMES_SIGN = re.compile(r"[xX](?=\d)")
_SIGNED = re.compile(r"(?:^|[\s(:])-$")
_IN_NUMBER = re.compile(r"[\s-]+(?:and\s+)?([A-Za-z]+)")


def cut(text: str, lexicon: Lexicon) -> list[Token]:
    tokens: list[Token] = []
    place = 0
    while match := _SCAN.search(text, place):
        start = match.start()
        if tokens and tokens[-1].kind == NUM and _TIMES_SIGN.match(text, start):
            found: Iterator[Token] = iter((Token(MARK, start, start + 1, "x", says=False),))
        elif match["digits"]:
            found = iter((_number(text, start, lexicon),))
        elif match["han"]:
            found = cut_chinese(text, start, match.end(), lexicon)
        elif match["word"]:
            found = iter((_word(text, start, match.end(), lexicon),))
        else:
            found = iter((Token(MARK, start, match.end(), match[0], says=False),))
        for token in found:
            token.attached = bool(tokens) and tokens[-1].end == token.start
            tokens.append(token)
        place = tokens[-1].end
    return tokens


def _word(text: str, start: int, end: int, lexicon: Lexicon) -> Token:
    written = text[start:end]
    lower = written.casefold()
    if lower in WORDS and (token := _spelt(text, start, end)):
        return token
    key = stem(written)
    if lower in lexicon.negations or lower.endswith("n't"):
        return Token(WORD, start, end, key, says=False, cue=True)
    plain = key if lower.endswith("'s") else lower
    neutral = plain in lexicon.neutral and written != "US"
    return Token(WORD, start, end, key, says=not neutral, capital=written[0].isupper())


def _spelt(text: str, start: int, end: int) -> Token | None:
    """A number in English words, as long as it goes on."""
    words = [text[start:end].lower()]
    while match := _IN_NUMBER.match(text, end):
        word = match[1].lower()
        if word not in WORDS and word not in TIMES:
            break
        if word == "zero" or word_value([*words, word]) is None:
            break
        words.append(word)
        end = match.end()
    value = word_value(words)
    if value is None:
        return None
    return measured(text, start, end, Quantity(float(value), 1.0))


def _number(text: str, start: int, lexicon: Lexicon) -> Token:
    match = DIGITS.match(text, start)
    if match is None:  # the scan has seen a digit
        raise ValueError(start)
    quantity, end = quantity_of(match), match.end()
    if _SIGNED.search(text, max(0, start - 2), start):
        quantity = Quantity(-quantity.value, quantity.step)
    letters = _ATTACHED.match(text, end)
    if letters is None or _TIMES_SIGN.match(text, end):
        return measured(text, start, end, quantity)
    if unit_at(text, end):
        return measured(text, start, end, quantity)
    if stem(letters[0]) in lexicon.phrases:
        return Token(NUM, start, end, f"#{quantity.value:g}", quantity=quantity)
    # A code such as `4K`, `3D` or `2nd` is a word.
    return Token(WORD, start, letters.end(), stem(text[start : letters.end()]))
