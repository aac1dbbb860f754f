"""The first sentence of a text, which names the product, and the facts that it takes up."""

import re
from collections.abc import Sequence

from nightshelf.composer.english import Clause, clause
from nightshelf.composer.fact import Fact
from nightshelf.composer.facts import brand_of
from nightshelf.composer.sentences import Sentence, fields_of
from nightshelf.composer.titles import LONGEST, Subject, levels
from nightshelf.composer.words import sentence, with_article
from nightshelf.contracts.description_rules import FRIENDLY
from nightshelf.contracts.product_fields import ProductFields

_ADJECTIVE = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,2}")
_TWO_CLAUSES = 2


def english(
    fields: ProductFields, subject: Subject, facts: Sequence[Fact], tone: str
) -> tuple[Sentence, list[Fact]]:
    """The sentence and the facts that are left for those after it."""
    if not subject.noun or len(subject.title) > LONGEST:
        return _without_noun(fields, subject, facts, tone)
    taken = _adjectives(facts, subject.noun)
    phrase = subject.noun
    for fact in reversed(taken):
        # Yellow gold is yellow, and a gold ring in gold is gold once.
        is_said = set(fact.values[0].casefold().split()) <= set(phrase.casefold().split())
        phrase = phrase if is_said else f"{fact.values[0]} {phrase}"
    said = phrase if subject.is_plural else with_article(phrase)
    brand, sources = brand_of(fields)
    audience = [fact for fact in facts if fact.kind.name == "audience" and fact.says is None][:1]
    whom = "".join(
        f" {text}"
        for fact in audience
        if (text := clause(fact, plural=False, again=False).text.removeprefix("is ")) != "unisex"
    )
    if audience and not whom:
        audience = []
    if not (taken or brand or whom):
        # A wardrobe is a wardrobe.
        return _without_noun(fields, subject, facts, tone)
    tail = f"{said}{f' by {brand}' if brand else ''}{whom}"
    verb = "are" if subject.is_plural else "is"
    if tone == FRIENDLY:
        text = f"Meet {_small_the(subject.name)}, {tail}"
    else:
        text = f"{_closed(subject.name)} {verb} {tail}"
    used = [*taken, *audience]
    types = [fact for fact in facts if fact.fields == subject.noun_fields]
    names = ("title", *subject.noun_fields, *sources, *(n for f in used for n in f.fields))
    left = [fact for fact in facts if fact not in used and fact not in types]
    return Sentence(sentence(text), tuple(dict.fromkeys(names))), left


def _without_noun(
    fields: ProductFields, subject: Subject, facts: Sequence[Fact], tone: str
) -> tuple[Sentence, list[Fact]]:
    brand, sources = brand_of(fields)
    by = f" by {brand}" if brand else ""
    if tone == FRIENDLY and len(subject.title) <= LONGEST:
        text = f"Meet {_small_the(subject.name)}{by}"
        return Sentence(sentence(text), ("title", *sources)), list(facts)
    said = _predicates(subject, facts)
    if said and len(subject.title) <= LONGEST:
        text = f"{_closed(subject.name + by)} {' and '.join(one.text for one in said.values())}"
        names = ("title", *sources, *fields_of(list(said.values())))
        return Sentence(sentence(text), names), [f for f in facts if f.fields not in said]
    return _alone(fields, subject, facts)


def _predicates(subject: Subject, facts: Sequence[Fact]) -> dict[tuple[str, ...], Clause]:
    """
    Up to two clauses that can follow the title, by their fields.

    None of them overtakes a fact that a rule asks for.
    """
    found: dict[tuple[str, ...], Clause] = {}
    for place, fact in enumerate(facts):
        one = clause(fact, plural=subject.is_plural, again=False)
        is_second = len(found) > 0
        fits = one.form == "predicate" and not (is_second and one.is_long)
        if fits and fact.kind.name not in {f.kind.name for f in facts if f.fields in found}:
            found[fact.fields] = one
        if (one.is_long and fits) or len(found) == _TWO_CLAUSES or (is_second and not fits):
            break
        if any(later.is_wanted for later in facts[place:]) and not fits:
            break
    return found


def _alone(
    fields: ProductFields, subject: Subject, facts: Sequence[Fact]
) -> tuple[Sentence, list[Fact]]:
    """Nothing can be said with the title as its subject but where it belongs."""
    brand, sources = brand_of(fields)
    leaf = next(levels(fields), "")
    verb = "are" if subject.is_plural else "is"
    if len(subject.title) > LONGEST or not (brand or leaf):
        return Sentence(sentence(subject.title), ("title",)), list(facts)
    if brand:
        text = f"{_closed(subject.name)} {verb} by {brand}"
        return Sentence(sentence(text), ("title", *sources)), list(facts)
    text = f"{_closed(subject.name)} {verb} in the category {leaf}"
    return Sentence(sentence(text), ("title", "category")), list(facts)


def _adjectives(facts: Sequence[Fact], noun: str) -> list[Fact]:
    """One colour and one material, where each is a plain word or two."""
    found: dict[str, Fact] = {}
    for fact in facts:
        is_plain = len(fact.values) == 1 and _ADJECTIVE.fullmatch(fact.values[0])
        is_new = fact.kind.name not in found and is_plain
        if fact.kind.name in ("colour", "material") and is_new and fact.says is None:
            found[fact.kind.name] = fact
    chosen = [found[name] for name in ("colour", "material") if name in found]
    return [fact for fact in chosen if not fact.values[0].startswith("multi") and noun]


def _closed(name: str) -> str:
    """A title with a comma in it is closed by one, as an apposition is."""
    return f"{name}," if "," in name else name


def _small_the(name: str) -> str:
    return f"the {name.removeprefix('The ')}" if name.startswith("The ") else name
