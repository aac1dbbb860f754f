"""What the audit has measured, and why a run is held by it."""

import re

from nightshelf.report.sentences import sentence
from nightshelf.report.shape_verdict import Audit, Check, Reason
from nightshelf.report.source import Source
from nightshelf.report.text import SENTENCE, short

_OLD = "This run is of a version that kept only what did not hold."
_NONE = "This run was not audited."
_MEASURED = re.compile(r".* is (None|nan|[-+.0-9e]+), allowed \[([-+.0-9a-z]+), ([-+.0-9a-z]+)\]")


def audit(source: Source) -> Audit:
    checks = _checks(source)
    # What does not hold comes first, then what a person may judge.
    order = sorted(checks, key=lambda one: (one["holds"], not one["is_judgement"]))
    failed = sum(not one["holds"] for one in checks)
    return {"checks": order, "failed": failed, "note": _note(source)}


def _note(source: Source) -> str:
    if not source.assembled:
        return _NONE
    return "" if "audit" in source.assembled else _OLD


def reasons(source: Source) -> list[Reason]:
    """One plain sentence for each expectation that does not hold."""
    return [
        {
            "sentence": sentence(one),
            "table": one["table"],
            "expectation": one["expectation"],
            "is_judgement": one["is_judgement"],
        }
        for one in audit(source)["checks"]
        if not one["holds"]
    ]


def plan_reason(source: Source) -> Reason:
    """Of a run that is held before anything was asked."""
    told = short(source.row["error"] or "its plan is over a cap", SENTENCE)
    return {"sentence": told, "table": None, "expectation": None, "is_judgement": True}


def _checks(source: Source) -> list[Check]:
    found: list[Check] = source.assembled.get("audit", [])
    if "audit" in source.assembled:
        return list(found)
    broken = source.assembled.get("violated", ())
    told = source.assembled.get("violations", ())
    return [_as_check(one, str(said)) for one, said in zip(broken, told, strict=False)]


def _as_check(violated: dict[str, object], said: str) -> Check:
    """The figures of a run that an older version has audited, out of its sentence."""
    found = _MEASURED.fullmatch(said)
    measured, least, most = (_number(text) for text in found.groups()) if found else (None,) * 3
    return {
        "table": str(violated["table"]),
        "expectation": str(violated["expectation"]),
        "measured": measured,
        "at_least": least,
        "at_most": most,
        "holds": False,
        "is_judgement": bool(violated["is_judgement"]),
    }


def _number(text: str) -> float | None:
    """
    >>> _number("0.5"), _number("-inf"), _number("None")
    (0.5, None, None)
    """
    return float(text) if re.fullmatch(r"[-+]?[0-9.]+(e[-+]?[0-9]+)?", text) else None
