"""Cut a run of Chinese into the words of the lists, the longest first, and numbers."""

from collections.abc import Iterator

from nightshelf.grounding.lexicon import Lexicon
from nightshelf.grounding.quantities import HAN_NUMBER, Quantity, han_value
from nightshelf.grounding.token import CHINESE, Token, measured


def cut_chinese(text: str, start: int, end: int, lexicon: Lexicon) -> Iterator[Token]:
    """The tokens of `text[start:end]`, which holds Chinese characters alone."""
    after_number = start > 0 and text[start - 1].isdigit()
    while start < end:
        word = _longest(text, start, end, lexicon)
        number = HAN_NUMBER.match(text, start, end)
        if number and _is_number(number[0], word, lexicon):
            token = measured(text, start, number.end(), Quantity(float(han_value(number[0])), 1.0))
        elif after_number and len(word) <= 1 and text[start] in lexicon.classifiers:
            token = Token(CHINESE, start, start + 1, text[start], says=False)
        else:
            token = _word(word or text[start], start, lexicon)
        yield token
        start, after_number = token.end, token.quantity is not None


def _word(word: str, start: int, lexicon: Lexicon) -> Token:
    token = Token(CHINESE, start, start + len(word), word)
    token.cue = word in lexicon.negations
    token.says = not token.cue and word not in lexicon.neutral
    token.term = lexicon.han.get(word)
    return token


def _is_number(number: str, word: str, lexicon: Lexicon) -> bool:
    """Rather than the word of the lists that begins there, too: 一款 is no count."""
    if word in lexicon.han or len(number) < len(word) - 1:
        return False
    return len(word) <= len(number) or word not in lexicon.neutral


def _longest(text: str, start: int, end: int, lexicon: Lexicon) -> str:
    """The longest word of any list at `start`; empty where there is none."""
    for length in range(min(lexicon.longest, end - start), 0, -1):
        word = text[start : start + length]
        if word in lexicon.han or word in lexicon.neutral or word in lexicon.negations:
            return word
    return ""
