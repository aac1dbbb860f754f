"""The report of a run as one HTML file that can be mailed: no script, nothing from elsewhere."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from nightshelf.report import plots, words
from nightshelf.report.sentences import amount, is_share
from nightshelf.report.shape import RunReport
from nightshelf.report.shape_verdict import Check
from nightshelf.report.text import SENTENCE, short, visible

#: How a status is coloured, and the sign that says the same without colour.
_TONES = {
    "released": ("good", "✓"),
    "unchanged": ("good", "✓"),
    "built": ("good", "✓"),
    "running": ("info", "▶"),
    "planned": ("info", "◌"),
    "held": ("warn", "‖"),
    "over cap": ("warn", "‖"),
    "withdrawn": ("warn", "↩"),
    "failed": ("bad", "✕"),
}


def page(report: RunReport) -> str:
    """Strings of other people are in it as text, whatever they hold."""
    style = _style()
    tone, sign = _TONES.get(report["status"], ("dim", "–"))
    # Ours, and the policy allows exactly it.
    about = {"style": Markup(style), "policy": policy(), "tone": tone, "sign": sign}  # noqa: S704
    return _environment().get_template("page.html.j2").render(r=report, **about)


@cache
def policy() -> str:
    """What a browser may load for it, in a header or in the page: its own style, nothing else."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return files(__package__).joinpath("page.css").read_text("utf-8").strip()


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("nightshelf.report", "."),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in ("number", "share", "span", "money", "when", "clock", "table", "expectation"):
        made.filters[name] = getattr(words, name)
    made.filters["dict_with"] = lambda one, other: {**one, **other}
    made.globals |= {
        "stack": plots.stack,
        "timeline": plots.timeline,
        "columns": plots.columns,
        "kind": plots.kind,
        "measured": _measured,
        "allowed": _allowed,
    }
    return made


def _finalize(value: Any) -> Any:  # noqa: ANN401  whatever an expression of the template gives
    """Of each expression, before it is escaped; what macros give is markup already."""
    if value is None:
        return words.NONE
    return visible(short(value, SENTENCE)) if type(value) is str else value


def _measured(check: Check) -> str:
    value = check["measured"]
    return words.NONE if value is None else amount(value, is_share=is_share(check["expectation"]))


def _allowed(check: Check) -> str:
    """
    >>> _allowed({"expectation": "label_drift", "at_least": None, "at_most": 0.2})
    '≤ 20%'
    """
    as_share = is_share(check["expectation"])
    least, most = check["at_least"], check["at_most"]
    if least is not None and least == most:
        return amount(least, is_share=as_share)
    bounds = [] if least is None else [f"≥ {amount(least, is_share=as_share)}"]
    bounds += [] if most is None else [f"≤ {amount(most, is_share=as_share)}"]
    return ", ".join(bounds)
