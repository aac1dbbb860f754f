"""Clauses as sentences, in a tone; each sentence knows the fields it was made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nightshelf.composer.english import Clause
from nightshelf.composer.words import listed, sentence

#: So many clauses one sentence takes, by their form.
_MOST = {"predicate": 2, "full": 2, "detail": 6}


@dataclass(frozen=True)
class Sentence:
    """`fields`: `title`, `brand`, `category`, `attributes.NAME`, each that it says something of."""

    text: str
    fields: tuple[str, ...]


def grouped(clauses: Sequence[Clause], most: dict[str, int] | None = None) -> list[list[Clause]]:
    """Neighbours of one form together, the long ones alone."""
    limits = most or _MOST
    groups: list[list[Clause]] = []
    for clause in clauses:
        last = groups[-1] if groups else []
        fits = bool(last) and last[0].form == clause.form and len(last) < limits[clause.form]
        is_free = clause.form == "detail" or not (clause.is_long or (last and last[-1].is_long))
        if fits and is_free:
            last.append(clause)
        else:
            groups.append([clause])
    return groups


def fields_of(clauses: Sequence[Clause]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for clause in clauses for name in clause.fields))


def english(clauses: Sequence[Clause], *, plural: bool) -> Iterator[Sentence]:
    """Sentences that follow one which names the product."""
    pronoun = "they" if plural else "it"
    for group in grouped(clauses):
        texts = [clause.text for clause in group]
        if group[0].form == "predicate":
            text = f"{pronoun} {' and '.join(texts)}"
        elif group[0].form == "full":
            text = listed(texts)
        else:
            text = "; ".join(texts)
        yield Sentence(sentence(text), fields_of(group))


def chinese(clauses: Sequence[Clause]) -> Iterator[Sentence]:
    """Sentences that follow one which names the product."""
    for group in grouped(clauses, {"predicate": 3, "full": 3, "detail": 6}):
        texts = [clause.text for clause in group]
        text = ("；" if group[0].form == "detail" else "，").join(texts)
        yield Sentence(f"{text}。", fields_of(group))


def contracted(text: str) -> str:
    """
    >>> contracted("It is made of oak and is reversible."), contracted("They are blue.")
    ("It's made of oak and is reversible.", "They're blue.")
    """
    for start, short in (
        ("It is not ", "It isn't "),
        ("It is ", "It's "),
        ("They are ", "They're "),
    ):
        if text.startswith(start):
            return f"{short}{text.removeprefix(start)}"
    return text
