"""Facts as English clauses."""

import re
from dataclasses import dataclass

from nightshelf.composer import phrases, values
from nightshelf.composer.fact import Fact
from nightshelf.composer.lexicon import COUNT, DETAIL, MEASURE, PACK, PREDICATE, SIZE, WORDS
from nightshelf.composer.phrases import is_property
from nightshelf.composer.words import is_plural, listed, with_article
from nightshelf.contracts.product_fields import attribute_name

_VERBS = {
    "is": "are",
    "has": "have",
    "was": "were",
    "comes": "come",
    "weighs": "weigh",
    "includes": "include",
    "belongs": "belong",
    "measures": "measure",
}
_SHORT = 60


@dataclass(frozen=True)
class Clause:
    """
    `form`: `predicate` wants a subject before it, `full` has its own, `detail` is none.

    A long one is a sentence of its own.
    """

    form: str
    text: str
    fields: tuple[str, ...]
    is_long: bool


def clause(fact: Fact, *, plural: bool, again: bool) -> Clause:
    """`again`: a fact of that kind was said before, so this one has to say its name."""
    form, text = _said(fact, again=again)
    for one, many in _VERBS.items():
        text = text.replace(f"{{{one}}}", many if plural else one)
    return Clause(form, text, fact.fields, " and " in text or ";" in text or len(text) > _SHORT)


def _said(fact: Fact, *, again: bool) -> tuple[str, str]:
    if fact.sides:
        return PREDICATE, phrases.sides(fact)
    if fact.says is not None:
        return _flag(fact)
    if not again and (special := _special(fact)):
        return PREDICATE, special
    if _is_detail(fact):
        return "detail", f"{fact.label}: {', '.join(fact.values)}"
    return "full", f"the {fact.label} {_is(fact.label)} {phrases.enumerated(fact.values)}"


def _special(fact: Fact) -> str:
    """What only some kinds or values can say; empty where the name has to be said."""
    value, role = listed(fact.values), fact.kind.role
    if fact.kind.name == "audience":
        return phrases.audience(fact)
    if fact.kind.name == "material" and not phrases.are_materials(fact.values):
        return ""
    if fact.kind.endings and fact.values[0].endswith(fact.kind.endings) and len(fact.values) == 1:
        return _filled(fact.kind.en_ending, value)
    if fact.values == ("sleeveless",):
        return "{is} sleeveless"
    if role == SIZE:
        return _filled(fact.kind.en, value) if all(map(values.is_area, fact.values)) else ""
    if role == MEASURE:
        is_plain = all(map(values.is_measure, fact.values)) or values.is_measure(
            value.split(" each")[0]
        )
        return _filled(fact.kind.en, value) if is_plain else ""
    return (
        phrases.counted(fact)
        if role in (PACK, COUNT) or phrases.is_count(fact)
        else _predicate(fact, value)
    )


def _predicate(fact: Fact, value: str) -> str:
    if fact.kind.role != PREDICATE:
        return ""
    # "Casual Use use": the value says the noun of the phrase itself.
    noun = fact.kind.en.rpartition(" ")[2]
    said = fact.kind.en.rpartition(" ")[0] if value.endswith(f" {noun}") else fact.kind.en
    return _filled(said, value)


def _filled(template: str, value: str) -> str:
    return template.replace("{a v}", with_article(value)).replace("{v}", value)


def _flag(fact: Fact) -> tuple[str, str]:
    label = fact.label
    more = f" ({', '.join(fact.values)})" if fact.values else ""
    if label.endswith(" included"):
        thing = label.removesuffix(" included")
        return "full", f"the {thing} {_is(thing)}{'' if fact.says else ' not'} included{more}"
    if is_property(label):
        return PREDICATE, f"{{is}}{'' if fact.says else ' not'} {label}{more}"
    last = label.rpartition(" ")[2]
    takes_none = last.casefold() in WORDS["mass"] or is_plural(last)
    if not (takes_none or last.casefold() in WORDS["things"]):
        # Without knowing what word it is, no verb can be right.
        return "detail", f"{label}: {'yes' if fact.says else 'no'}{more}"
    if not fact.says:
        return PREDICATE, f"{{has}} no {label}{more}"
    return PREDICATE, f"{{has}} {label if takes_none else with_article(label)}{more}"


def _is(label: str) -> str:
    """
    >>> _is("fabric"), _is("speeds"), _is("care instructions")
    ('is', 'are', 'are')
    """
    return (
        "are" if is_plural(re.split(r" (?:of|in|for|per) ", label)[0].rpartition(" ")[2]) else "is"
    )


def _is_detail(fact: Fact) -> bool:
    """Whether its name is no noun that could be the subject of a sentence, as far as we know."""
    words = attribute_name(fact.label).split(" ")
    is_one = len(fact.values) == 1 and values.is_measure(fact.values[0].removesuffix(" each"))
    if fact.kind.role in (DETAIL, MEASURE) or words[0] in WORDS["verbs"] or is_property(fact.label):
        return not (fact.kind.role == MEASURE and is_one)
    # A measure under a name that is no plural can be said as a sentence whatever it is.
    return fact.kind.role == "other" and not (is_one and _is(fact.label) == "is")
