"""Whether values stand where they belong: by their own label, and by their own part."""

from collections.abc import Sequence

from nightshelf.grounding.claims import (
    COLOUR,
    CONTRADICTED,
    COUNT,
    LABEL,
    MATERIAL,
    NAME,
    NUMBER,
    SIZE,
    SUPPORTED,
    TERM,
    UNSUPPORTED,
)
from nightshelf.grounding.context import ids
from nightshelf.grounding.index import Index
from nightshelf.grounding.marks import Mark
from nightshelf.grounding.token import Token

_OF_KIND = {NUMBER: "size", COUNT: "size", SIZE: "size", TERM: NAME}
#: How many clauses a value is looked for in: `length (cm): 60` has three.
_FAR = 4
_SLOTTED = frozenset({COLOUR, MATERIAL})


def settle(tokens: list[Token], marks: list[Mark], made: Index) -> None:
    """Change the verdicts of `marks` where a value was moved to another label, part or maker."""
    for mark in marks:
        if mark.verdict == SUPPORTED and mark.kind in (COLOUR, MATERIAL, NUMBER):
            _settle_part(tokens, mark, made)
    _settle_makers(tokens, marks, made)
    for mark in marks:
        if mark.kind == LABEL:
            _settle_label(tokens, mark, _by_its_side(tokens, mark, marks, made), made)


def _settle_part(tokens: list[Token], mark: Mark, made: Index) -> None:
    """`lid: black` does not make the kettle black."""
    kept = set()
    sentence = tokens[mark.at].sentence
    said: set[str] = set()
    for number in mark.sources:
        source = made.sources[number]
        is_slot = source.part and (
            mark.kind in source.kinds
            or (mark.kind == NUMBER and source.kinds & {"spatial", "measure"})
        )
        if is_slot and not said:
            said = {key for t in tokens if t.sentence == sentence for key in ids(t)}
        if not is_slot or source.part & said:
            kept.add(number)
    mark.sources = kept
    if not kept:
        mark.verdict = UNSUPPORTED


def _settle_makers(tokens: list[Token], marks: list[Mark], made: Index) -> None:
    """Who comes after `by` has to be one whom the evidence calls a maker."""
    for mark in marks:
        before = tokens[mark.at - 1] if mark.at else None
        if before is None or before.key != "by" or mark.verdict != SUPPORTED:
            continue
        if not tokens[mark.at].capital or _is_maker(mark.sources, made):
            continue
        mark.kind, mark.verdict = NAME, CONTRADICTED


def _is_maker(sources: set[int], made: Index) -> bool:
    if any(NAME in made.sources[number].kinds for number in sources):
        return True
    named = any(NAME in source.kinds for source in made.sources)
    return not named and any(made.sources[number].field.name == "title" for number in sources)


def _by_its_side(tokens: list[Token], mark: Mark, marks: Sequence[Mark], made: Index) -> list[Mark]:
    """The claims of the label's clause; where it has only names, those of the next one."""
    named = _named(tokens[mark.at], made)
    names = {key for number in named for one in made.sources[number].name for key in ids(one)}
    sentence, clause = tokens[mark.at].sentence, tokens[mark.at].clause
    near = [
        one
        for one in marks
        if one is not mark and tokens[one.at].sentence == sentence
        if one.kind != LABEL or one.sources
    ]
    for wanted in range(clause, clause + _FAR):
        found = [one for one in near if tokens[one.at].clause == wanted]
        is_value = any(not ids(tokens[one.at]) & names for one in found)
        if is_value or any(one.sources & named for one in found):
            return found
    return []


def _named(token: Token, made: Index) -> set[int]:
    return {number for key in ids(token) for number in made.names.get(key, ())}


def _negated(tokens: list[Token], values: Sequence[Mark], named: set[int]) -> list[Mark]:
    """`bulb: E27, not included` negates name and value; the field has to do so as well."""
    return [one for one in values if tokens[one.at].negated and one.sources & named]


def _settle_label(tokens: list[Token], mark: Mark, beside: list[Mark], made: Index) -> None:
    token = tokens[mark.at]
    named = _named(token, made)
    good = [one for one in beside if one.verdict == SUPPORTED]
    if token.negated and not mark.sources:
        good = _negated(tokens, good, named)
    carrying = {number for one in good for number in one.sources}
    if value := named & carrying:
        number = min(value)
        holder = next(one for one in good if number in one.sources)
        mark.verdict, mark.place, mark.sources = SUPPORTED, holder.place, {number}
        return
    term = token.term
    kinds = term.parents if term and term.kind == LABEL else frozenset()
    moved = [one for one in good if one.kind in kinds & _SLOTTED]
    if named and moved:
        mark.verdict, moved[0].verdict = CONTRADICTED, CONTRADICTED
        source = made.sources[min(named)]
        if source.reading.tokens:
            mark.place = moved[0].place = source.where(source.reading.tokens[0])
        return
    if mark.verdict == SUPPORTED or named:
        return
    concept = term.concept if term else ""
    beside_it = next(
        (
            one
            for one in good
            if tokens[one.at].role == concept or _OF_KIND.get(one.kind, one.kind) in kinds
        ),
        None,
    )
    if beside_it is not None:
        mark.verdict, mark.place, mark.sources = SUPPORTED, beside_it.place, beside_it.sources
