"""What the evidence of one product carries, found by word, by concept and by number."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from nightshelf.grounding.context import context, ids
from nightshelf.grounding.evidence import Evidence, Place
from nightshelf.grounding.sources import Source, source_of
from nightshelf.grounding.token import MARK, NUM, Token


@dataclass(frozen=True, slots=True)
class Hit:
    """
    A token of a field: `place` is its number among the field's tokens.

    -1 stands for the name of an attribute that says yes or no to it.
    """

    source: int
    place: int
    negated: bool


@dataclass
class Index:
    sources: tuple[Source, ...]
    words: dict[str, list[Hit]] = field(default_factory=dict)
    concepts: dict[tuple[str, str], list[Hit]] = field(default_factory=dict)
    numbers: list[Hit] = field(default_factory=list)
    names: dict[str, list[int]] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)

    def token(self, hit: Hit) -> Token:
        return self.sources[hit.source].reading.tokens[hit.place]

    def where(self, hit: Hit) -> Place:
        if hit.place < 0:
            one = self.sources[hit.source].field
            return Place(one.name, 0, len(one.text))
        return self.sources[hit.source].where(self.token(hit))

    @cached_property
    def joined(self) -> dict[str, list[Hit]]:
        """Two words that stand together, as one: `t-shirt` carries `tshirt`."""
        found: dict[str, list[Hit]] = {}
        for number, source in enumerate(self.sources):
            said = [(at, one) for at, one in enumerate(source.reading.tokens) if one.kind != MARK]
            for (place, first), (_, second) in pairwise(said):
                key = first.key + second.key
                found.setdefault(key, []).append(Hit(number, place, second.negated))
        return found

    def context(self, hit: Hit) -> set[str]:
        """What stands around a token of the evidence; of an attribute also its name."""
        source = self.sources[hit.source]
        around = context(source.reading.tokens, hit.place) if hit.place >= 0 else set()
        for token in source.name if source.field.attribute else ():
            around |= ids(token)
        return around

    def is_of_the_same(self, tokens: list[Token], at: int, hit: Hit, *, strictly: bool) -> bool:
        """
        Whether a token of a draft stands beside a word that also stands beside that of the
        evidence, or in a sentence that names its attribute.

        Where neither has anything beside it, that is the same; not `strictly`, where either.
        """
        ours, theirs = context(tokens, at), self.context(hit)
        if ours & theirs or not (ours or theirs):
            return True
        source = self.sources[hit.source]
        name = {key for one in source.name if one.says for key in ids(one)}
        sentence = tokens[at].sentence
        if source.field.attribute and any(
            ids(one) & name for one in tokens if one.sentence == sentence
        ):
            return True
        return not strictly and not (ours and theirs)


def index(evidence: Evidence) -> Index:
    made = Index(tuple(source_of(one) for one in evidence))
    for number, source in enumerate(made.sources):
        for place, token in enumerate(source.reading.tokens):
            hit = Hit(number, place, token.negated)
            if token.kind == MARK:
                made.marks.add(token.key)
            elif token.kind == NUM:
                made.numbers.append(hit)
            _enter(made, token, hit, known=not token.imitation)
        _enter_name(made, number, source)
    return made


def _enter(made: Index, token: Token, hit: Hit, *, known: bool) -> None:
    if token.term and token.phrase and known:
        for concept in (token.term.concept, *token.term.parents):
            made.concepts.setdefault((token.term.kind, concept), []).append(hit)
    if token.kind != NUM:
        made.words.setdefault(token.key, []).append(hit)


def _enter_name(made: Index, number: int, source: Source) -> None:
    for token in source.name:
        for key in ids(token):
            found = made.names.setdefault(key, [])
            if number not in found:
                found.append(number)
        if source.says_yes or source.says_no:
            _enter(made, token, Hit(number, -1, token.negated != source.says_no), known=True)
