"""Turn a product's fields into a text that says what they say, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightshelf.composer import chinese, chinese_opening, english, openings, sentences, terse
from nightshelf.composer.english import Clause
from nightshelf.composer.fact import Fact
from nightshelf.composer.facts import facts_of
from nightshelf.composer.sentences import Sentence
from nightshelf.composer.titles import subject_of
from nightshelf.contracts.description_rules import CHINESE, FRIENDLY, TERSE, DescriptionRules
from nightshelf.contracts.lengths import length_of
from nightshelf.contracts.product_fields import ProductFields

#: Goes up with every change of what is written for the same fields.
COMPOSER_VERSION = "composer-1"
#: Kinds of which each attribute says its own name anyway.
_MANY = {"other", "noun"}


@dataclass(frozen=True)
class Composition:
    """`left_out`: attributes that had something to say and no room, as `attributes.NAME`."""

    text: str
    sentences: tuple[Sentence, ...]
    left_out: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field that the text says something of, in its order."""
        return tuple(dict.fromkeys(name for one in self.sentences for name in one.fields))


def compose(fields: ProductFields, rules: DescriptionRules) -> Composition:
    """
    A pure function: equal fields and rules give the equal text, on any machine.

    Facts go from the end, the least wanted first, until the text is no longer than it may be. It
    is never filled up: a product that has little to say may stay below `min_length`, and one whose
    title alone is longer than `max_length` above it.
    """
    facts = [fact for fact in facts_of(fields, rules) if not _is_banned(fact, rules)]
    for kept in range(len(facts), 0, -1):
        said = _written(fields, rules, facts[:kept])
        if length_of(_text(said, rules), rules.length_in) <= rules.max_length:
            break
    else:
        kept, said = 0, _written(fields, rules, [])
    left_out = tuple(name for fact in facts[kept:] for name in fact.fields)
    return Composition(_text(said, rules), tuple(said), left_out)


def _text(said: Sequence[Sentence], rules: DescriptionRules) -> str:
    return ("" if rules.language == CHINESE else " ").join(one.text for one in said)


def _is_banned(fact: Fact, rules: DescriptionRules) -> bool:
    """Whether it could not be said without a word that the shop does not want."""
    said = " ".join((fact.label, *fact.values)).casefold()
    return any(word.casefold() in said for word in rules.banned_words)


def _written(
    fields: ProductFields, rules: DescriptionRules, facts: Sequence[Fact]
) -> list[Sentence]:
    if rules.tone == TERSE:
        return list(terse.written(fields, facts, rules.language))
    if rules.language == CHINESE:
        start, others = chinese_opening.opening(fields, _chinese(facts), rules.tone)
        return [start, *sentences.chinese(others)]
    subject = subject_of(fields, facts)
    first, left = openings.english(fields, subject, facts, rules.tone)
    said = {fact.kind.name for fact in facts if fact not in left} - _MANY
    clauses = _english(left, said, plural=subject.is_plural)
    rest = list(sentences.english(clauses, plural=subject.is_plural))
    if rules.tone == FRIENDLY:
        rest = [Sentence(sentences.contracted(one.text), one.fields) for one in rest]
    return [first, *rest]


def _english(facts: Sequence[Fact], said: set[str], *, plural: bool) -> list[Clause]:
    clauses = []
    for fact in facts:
        clauses.append(english.clause(fact, plural=plural, again=fact.kind.name in said))
        said.update({fact.kind.name} - _MANY)
    return clauses


def _chinese(facts: Sequence[Fact]) -> list[Clause]:
    said: set[str] = set()
    clauses = []
    for fact in facts:
        clauses.append(chinese.clause(fact, again=fact.kind.name in said))
        said.update({fact.kind.name} - _MANY)
    return clauses
