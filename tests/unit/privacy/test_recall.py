import json

import pytest

from nightshelf.privacy.recall import FILE, Recall, Share, place, recall_of, takes_names

MEASURED = Recall(
    "names-1 presidio-2 spacy-3", "2026-03-01", "marked texts", {"names": Share(7, 10, 0.4, 0.89)}
)
RULES = "rules-1 stdnum-2.2"


@pytest.mark.parametrize(
    ("redactor", "takes", "known"),
    [
        pytest.param("", False, False, id="none"),
        pytest.param(RULES, False, False, id="rules alone"),
        pytest.param(f"{RULES} names-1 presidio-2 spacy-3 lingua-1", True, True, id="measured"),
        pytest.param("names-1 presidio-2 spacy-3", True, True, id="without the rules"),
        pytest.param(f"{RULES} names-2 presidio-2 spacy-3 lingua-1", True, False, id="other rules"),
        pytest.param(f"{RULES} names-1 presidio-2 spacy-33", True, False, id="another library"),
        pytest.param("nicknames-1 x", False, False, id="another word"),
    ],
)
def test_recall_is_of_the_version_that_was_measured(redactor, takes, known):
    assert takes_names(redactor) is takes
    assert recall_of(redactor, MEASURED.as_json()) == (MEASURED if known else None)


def test_recall_is_said_with_its_interval_date_and_version():
    assert str(MEASURED) == (
        "names 0.70 (0.40 to 0.89, n = 10); of marked texts, measured 2026-03-01,"
        " names-1 presidio-2 spacy-3"
    )


def test_what_is_kept_with_the_code_is_a_measurement():
    recorded = json.loads(place().read_text("utf-8"))
    found = recall_of(recorded["redactor"])
    assert place().name == FILE
    assert set(found.shares) == {"names", "addresses", "places"}
    for share in found.shares.values():
        assert share.low < share.found / share.n < share.high
        assert share.n >= 200
