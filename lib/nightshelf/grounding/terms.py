"""Which words, alone or together, are terms of the lists."""

from itertools import pairwise

from nightshelf.grounding.claims import COLOUR, LABEL, MATERIAL
from nightshelf.grounding.lexicon import Lexicon
from nightshelf.grounding.token import WORD, Token

_IMITATION_AFTER = frozenset(
    "effect look like style plated tone toned print printed imitation lookalike inspired".split()
)
_IMITATION_BEFORE = frozenset("faux imitation artificial fake mock simulated 仿 仿真 人造".split())


def find_names(tokens: list[Token]) -> None:
    """A word in capitals within a sentence may be a brand, however little it says by itself."""
    for last, token in pairwise(tokens):
        if token.capital and not token.cue and last.sentence == token.sentence:
            token.says = True


def find_terms(tokens: list[Token], known: Lexicon) -> None:
    """The longest phrase of the lists from each place on; its first token holds the term."""
    place = 0
    while place < len(tokens):
        _find_term(tokens, place, known)
        place += max(1, tokens[place].phrase)
    for place, token in enumerate(tokens):
        if token.term and token.term.kind in (MATERIAL, COLOUR):
            token.imitation = _is_imitation(tokens, place)


def _find_term(tokens: list[Token], place: int, known: Lexicon) -> None:
    token = tokens[place]
    if token.kind != WORD or token.cue:
        return
    for keys, term in known.phrases.get(token.key, ()):
        # `used` links words, though `use` is a label.
        is_plain = len(keys) == 1 and term.kind == LABEL and not token.says
        if is_plain or not _matches(tokens, place, keys):
            continue
        for one in tokens[place : place + len(keys)]:
            one.says, one.term, one.phrase = True, term, 0
        token.phrase = len(keys)
        return


def _is_imitation(tokens: list[Token], place: int) -> bool:
    """`oak effect`, `gold-plated`, `faux fur`."""
    end = place + max(1, tokens[place].phrase)
    after = tokens[end].key if end < len(tokens) else ""
    if after == "-" and end + 1 < len(tokens):
        after = tokens[end + 1].key
    before = tokens[place - 1].key if place else ""
    return after in _IMITATION_AFTER or before in _IMITATION_BEFORE


def _matches(tokens: list[Token], place: int, keys: tuple[str, ...]) -> bool:
    found = tokens[place : place + len(keys)]
    return len(found) == len(keys) and all(
        token.key == key and (token.kind == WORD or token.key.isdigit())
        for token, key in zip(found, keys, strict=True)
    )
