"""The page: whatever names and reasons hold is text in it, and nothing else."""

import base64
import hashlib
import re

import pytest
from tests.unit.hostile import HOSTILE
from tests.unit.parsed import Parsed

from nightshelf.report.page import page
from nightshelf.report.printed import printed
from nightshelf.report.run import run_report
from nightshelf.report.text import visible

RUNS = (
    *("n1", "approved", "unchanged", "held", "broken", "over", "failed", "running", "planned"),
    *("built", "dismissed"),
)
ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def fullest(shop):
    """One report that has everything: of a run that was released, held and decided on."""
    report = run_report(shop.settings, "n1")
    held, approved = (run_report(shop.settings, run) for run in ("broken", "approved"))
    troubles = {name: held[name] for name in ("reasons", "actions", "audit")}
    dates = {"2026-02-01": "new late.parquet", "2026-03-01": "the night itself"}
    return {**report, **troubles, "dates": dates, "decision": approved["decision"]}


#: Names that a report counts by; those of ours are not replaced.
COUNTED = ("causes", "answers", "reasons", "parameters")
OURS = ("status", "kind", "state", "expectation", "note", "over", "started_at", "ended_at")


def hostile(value, text, name=""):
    """Every string that could come from outside replaced by `text`; counts keep one name."""
    if isinstance(value, dict):
        if name in COUNTED and value:
            return {text: hostile(next(iter(value.values())), text)}
        return {key: hostile(one, text, key) for key, one in value.items()}
    if isinstance(value, list):
        return [hostile(one, text, "" if isinstance(one, dict) else name) for one in value]
    return text if isinstance(value, str) and name not in OURS else value


@pytest.fixture(scope="module")
def plain(fullest):
    return Parsed(page(hostile(fullest, "plain")))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_string_is_shown_as_text_and_nothing_more(fullest, plain, text):
    found = Parsed(page(hostile(fullest, text)))
    assert found.elements == plain.elements
    assert found.links == []
    shown = " ".join(visible(text).split())
    assert plain.text.count("plain") > 60
    # A string as short as `<` stands in our own words as well.
    ours = (plain.text.replace("plain", "") * (len(shown) < 3)).count(shown)
    assert found.text.count(shown) == plain.text.count("plain") + ours


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_acts_on_a_terminal(fullest, text):
    lines = list(printed(hostile(fullest, text)))
    assert len(lines) == len(list(printed(hostile(fullest, "plain"))))
    assert not ACTING.search("".join(lines))
    "".join(lines).encode("utf-8")


@pytest.mark.parametrize("run", RUNS)
def test_a_page_needs_nothing_from_elsewhere_and_runs_nothing(shop, run):
    text = page(run_report(shop.settings, run))
    found = Parsed(text)
    assert found.links == []
    tags = {tag for tag, _ in found.elements}
    assert not tags & {"script", "iframe", "object", "embed", "link", "img", "form", "base", "a"}
    attributes = {name for _, names in found.elements for name in names}
    assert not {name for name in attributes if name.startswith("on") or name == "style"}
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_allows_the_page_s_own_style_and_nothing_else(shop):
    text = page(run_report(shop.settings, "n1"))
    [style] = re.findall("<style>(.*?)</style>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        f'content="default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;;'
        ' base-uri &#39;none&#39;; form-action &#39;none&#39;"'
    ) in text
    # Before the first byte of anything that it has to govern.
    assert text.index("Content-Security-Policy") < text.index("<style>")


SAID = [
    ("n1", ["Released as release 1", "✓ accounted for", "0.25 EUR went to remote models", "Hung"]),
    ("held", ["Why it is held", "yours to judge", "nightshelf approve held --reason …", "31.4%"]),
    ("broken", ["data is lost or wrong", "versions lost", "✕ broken"]),
    ("over", ["60 texts, 50 allowed", "nightshelf caps over --take", "‖ the plan is over it"]),
    ("failed", ["What stopped it", "disk full; make room"]),
    ("running", ["nothing counted yet", "No step's time was recorded", "it has not come so far"]),
    ("approved", ["A person has approved it", "a sale", "ada, 2026-03-02 01:30:00 UTC"]),
    ("dismissed", ["A person has dismissed it", "spam"]),
]


@pytest.mark.parametrize(("run", "said"), SAID)
def test_what_a_page_says(shop, run, said):
    text = Parsed(page(run_report(shop.settings, run))).text
    assert [one for one in said if one not in text] == []


@pytest.mark.parametrize("run", RUNS)
def test_a_page_of_an_older_run(shop, older, run):
    older(run)
    assert "<h1>" in page(run_report(shop.settings, run))


def test_lines_for_a_terminal(shop):
    lines = list(printed(run_report(shop.settings, "n1")))
    assert lines[:2] == [
        "n1 of 2026-03-01: released",
        "Released as release 1; readers see release 3.",
    ]
    assert "  away    empty_body 3, duplicate_id 1" in lines
    assert "  asked   sentiment: 60 of 90 texts (new 50, edited 10), 30 answered before" in lines
    assert "  cost    0.75 EUR, planned 0.50 EUR" in lines
