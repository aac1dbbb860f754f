"""What an audit measured, in words for somebody who has never seen it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from nightshelf.ops.decisions import beyond_judgement
from nightshelf.ops.runs import Row
from nightshelf.seat.sources import Json, shortened

#: As `quality.expectations.Check` writes it.
_VIOLATION: Final = re.compile(
    r"(?P<table>\S+): (?P<name>\w+) is (?P<measured>\S+), allowed \[(?P<least>\S+), (?P<most>\S+)\]"
)
_SHARES: Final = {
    "label_drift": "the share of a sentiment moved by {} against the last release; {} is allowed",
    "products_vanished": "{} of the products have vanished since the last release; {} is allowed",
    "failed_share": "{} of tonight's rows have no answer because they failed; {} is allowed",
    "sentence_length_drift": "sentences are longer or shorter by {} than before; {} is allowed",
    "refused_share": "{} of the products have no description that can be proved; {} is allowed",
}
_BROKEN: Final = {
    "duplicate_ids": "some ids are published twice",
    "rows_without_answer": "rows carry neither an answer nor a reason",
    "rows_without_provenance": "rows do not say which model and run they are of",
    "model_versions": "vectors of several models would be mixed",
    "current_rows_missing": "rows of the shop are missing from the shelf",
    "rows_no_longer_current": "the shelf holds rows that the shop has replaced",
    "rows_unaccounted_for": "the books do not balance: rows were lost",
    "versions_lost": "accepted rows were lost",
    "rejections_lost": "rejected rows were lost",
}


def evidence(row: Row) -> list[Json]:
    """
    Each expectation that does not hold: `table`, `expectation`, a sentence `said`, and whether a
    person may let it pass (`is_judgement`).
    """
    assembled: Mapping[str, Any] = row["assembled"]
    said: Sequence[str] = assembled.get("violations", ())
    judged = {
        (one["table"], one["expectation"]): one["is_judgement"]
        for one in assembled.get("violated", ())
    }
    return [_one(line, judged) for line in said[:50]]


def may_be_approved(row: Row) -> bool:
    """Whether all that holds the run is a person's to judge."""
    assembled = row["assembled"]
    return bool(assembled.get("violated")) and not beyond_judgement(assembled)


def _one(line: str, judged: Mapping[tuple[str, str], bool]) -> Json:
    found = _VIOLATION.fullmatch(line)
    if not found:
        return {"table": "", "expectation": "", "said": shortened(line), "is_judgement": False}
    table, name = found["table"], found["name"]
    return {
        "table": table,
        "expectation": name,
        "said": _sentence(name, found["measured"], found["most"]),
        "is_judgement": judged.get((table, name), False),
    }


def _sentence(name: str, measured: str, most: str) -> str:
    """
    >>> _sentence("label_drift", "0.314", "0.2")
    'the share of a sentiment moved by 31.4% against the last release; 20% is allowed'
    >>> _sentence("versions_lost", "3.0", "0")
    'accepted rows were lost (versions_lost is 3.0, at most 0)'
    """
    if (words := _SHARES.get(name)) and measured != "None":
        return words.format(_share(measured), _share(most))
    return f"{_BROKEN.get(name, name.replace('_', ' '))} ({name} is {measured}, at most {most})"


def _share(number: str) -> str:
    """
    >>> _share("0.314"), _share("0.2"), _share("inf")
    ('31.4%', '20%', 'any')
    """
    value = float(number)
    return f"{value * 100:.3g}%" if value < float("inf") else "any"
