import pytest

from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.quality.accounting import ACCOUNTING
from nightshelf.quality.drift import COVERAGE
from nightshelf.quality.suites import suites
from nightshelf.report.audit import _as_check
from nightshelf.report.sentences import KNOWN, sentence
from nightshelf.settings import Settings

#: Those of `spark.audit`, which are made where they are measured.
DRIFTS = {"label_drift", "products_vanished", "sentence_length_drift"}


def test_each_expectation_has_a_sentence_of_its_own():
    suite = suites(Settings(), ["DATE'2026-03-01'"], {"lake.shelf.review_topic": "review_id"})
    named = {one.name for found in suite.values() for one in found}
    assert named | {one.name for one in (*ACCOUNTING, *COVERAGE)} | DRIFTS == KNOWN


def check(name, measured, at_most, *, table=REVIEW_SENTIMENT, at_least=None):
    bounds = {"at_least": at_least, "at_most": at_most}
    about = {"table": table, "expectation": name, "holds": False, "is_judgement": True}
    return {**about, **bounds, "measured": measured}


SENTENCES = [
    (
        check("label_drift", 0.314, 0.2),
        "review_sentiment: the share of one label differs by 31.4% from the last release;"
        " at most 20% is allowed.",
    ),
    (
        check("duplicate_ids", 3.0, 0.0),
        "review_sentiment: 3 rows have an id that another row of the table has, too.",
    ),
    (
        check("rows_unaccounted_for", 2.0, 0.0, table="lake.shop.landings"),
        "landings: 2 rows were read that are neither accepted nor rejected nor duplicates.",
    ),
    (
        check("rows_unaccounted_for", 2.0, 0.0),
        "review_sentiment: 2 rows were read, or are current, and nobody knows how they ended.",
    ),
    (
        check("failed_share", None, 0.01),
        "review_sentiment: failed_share could not be measured, so nobody knows whether it holds.",
    ),
    (
        check("of_a_later_version", 7.5, 9.0, at_least=8.0),
        "review_sentiment: of_a_later_version is 7.5; at least 8 and at most 9 is allowed.",
    ),
]


@pytest.mark.parametrize(("found", "said"), SENTENCES)
def test_why_it_is_held(found, said):
    assert sentence(found) == said


@pytest.mark.parametrize(
    ("said", "figures"),
    [
        ("lake.t: drift is 0.314, allowed [-inf, 0.2]", (0.314, None, 0.2)),
        ("lake.t: drift is None, allowed [0, 1e-05]", (None, 0.0, 1e-05)),
        ("lake.t: drift is nan, allowed [-inf, inf]", (None, None, None)),
        ("something else", (None, None, None)),
    ],
)
def test_the_figures_of_an_older_run_are_read_from_its_sentence(said, figures):
    violated = {"table": "lake.t", "expectation": "drift", "is_judgement": True}
    found = _as_check(violated, said)
    assert tuple(found[name] for name in ("measured", "at_least", "at_most")) == figures
