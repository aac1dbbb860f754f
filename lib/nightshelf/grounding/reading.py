"""Read a text: its tokens with clauses, terms, negations, ranges and the roles of numbers."""

import re
from dataclasses import dataclass

from nightshelf.grounding.lexicon import lexicon
from nightshelf.grounding.negation import CLAUSE_MARKS, negate
from nightshelf.grounding.normal import Normal, normal
from nightshelf.grounding.roles import find_roles, join_ranges
from nightshelf.grounding.terms import find_names, find_terms
from nightshelf.grounding.token import MARK, Token
from nightshelf.grounding.tokens import cut

_CLAUSE_WORDS = frozenset(
    [
        "and",
        "but",
        "while",
        "whereas",
        "with",
        "plus",
        "yet",
        "和",
        "及",
        "以及",
        "与",
        "但",
        "但是",
        "而",
        "并",
        "并且",
    ]
)
_END = re.compile(
    r"(?<![A-Z]\.)(?<!\bNo\.)(?<!\bapprox\.)(?<!\bca\.)[.!?]+[\"')\]]*(?=\s+[^\sa-z])|[\u3002!?][\"'\u201d]*(?=[\u3400-\u9fff])"
    r"|\u3002|\n+"
)


@dataclass(frozen=True)
class Reading:
    """`sentences` are spans of the given text that cover it without blanks between."""

    normal: Normal
    tokens: list[Token]
    sentences: tuple[tuple[int, int], ...]


def read(text: str) -> Reading:
    """Pure; the same text is always read alike."""
    known = lexicon()
    form = normal(text)
    tokens = cut(form.text, known)
    sentences = _sentences(form)
    _place(tokens, form, sentences)
    find_names(tokens)
    find_terms(tokens, known)
    join_ranges(tokens)
    negate(tokens)
    find_roles(tokens)
    return Reading(form, tokens, sentences)


def _sentences(form: Normal) -> tuple[tuple[int, int], ...]:
    ends = [match.end() for match in _END.finditer(form.text)]
    spans = []
    start = 0
    for end in [*ends, len(form.text)]:
        piece = form.text[start:end]
        if piece.strip():
            first = start + len(piece) - len(piece.lstrip())
            last = start + len(piece.rstrip())
            spans.append(form.span(first, last))
        start = end
    return tuple(spans)


def _place(tokens: list[Token], form: Normal, sentences: tuple[tuple[int, int], ...]) -> None:
    clause = sentence = 0
    for token in tokens:
        start, _ = form.span(token.start, token.end)
        while sentence < len(sentences) and start >= sentences[sentence][1]:
            sentence, clause = sentence + 1, clause + 1
        is_break = token.kind == MARK and token.key in CLAUSE_MARKS
        if is_break or (not token.says and token.key in _CLAUSE_WORDS):
            clause += 1
        token.clause, token.sentence = clause, sentence
