"""Which text is published, and what its fate is called."""

import pytest

from nightshelf.grounding.evidence import product_evidence
from nightshelf.grounding.ladder import ABSTAINED, ACCEPTED, COMPOSED, TRIMMED, Ladder

SHOP = product_evidence(
    title="Red steel kettle", attributes={"capacity": "1.7 L", "material": "steel"}
)
TRUE = "This is a red steel kettle. Its capacity is 1.7 L."
PLAIN = "Red steel kettle. Material: steel."

CASES = [
    pytest.param(TRUE, PLAIN, TRUE, ACCEPTED, "", id="accepted"),
    pytest.param(
        f"{TRUE} It cures colds.",
        PLAIN,
        TRUE,
        TRIMMED,
        "unsupported: health, term",
        id="a-sentence-dropped",
    ),
    pytest.param(
        "A red kettle. It cures colds.",
        PLAIN,
        PLAIN,
        COMPOSED,
        "unsupported: health, term",
        id="too-little-is-left",
    ),
    pytest.param(None, PLAIN, PLAIN, COMPOSED, "no text", id="no-draft"),
    pytest.param(
        "It glows.",
        "A blue kettle.",
        None,
        ABSTAINED,
        "unsupported: term; composer: unsupported: colour",
        id="the-composer-is-judged-too",
    ),
    pytest.param("", " ", None, ABSTAINED, "no text", id="nothing"),
    pytest.param(
        "这是红色的水壶，容量为1.7升。它能治愈感冒。这款水壶由钢制成，颜色是红色。",
        None,
        "这是红色的水壶，容量为1.7升。这款水壶由钢制成，颜色是红色。",
        TRIMMED,
        "unsupported: health, term",
        id="chinese-without-blanks",
    ),
]


@pytest.mark.parametrize(("draft", "composed", "text", "fate", "reason"), CASES)
def test_the_ladder(draft, composed, text, fate, reason):
    outcome = Ladder().publish(draft, composed, SHOP)
    assert (outcome.text, outcome.fate, outcome.reason) == (text, fate, reason)
    assert bool(outcome.findings) == (text is not None)
    assert all(one.verdict == "supported" for one in outcome.findings)


def test_a_check_drops_sentences_and_refuses_the_composer_too():
    def check(text):
        return ["shouting"] if "!" in text else []

    shouted = f"{TRUE} Red steel kettle!"
    assert Ladder(check).publish(shouted, None, SHOP).text == TRUE
    outcome = Ladder(check).publish("Red!", "Red kettle!", SHOP)
    assert (outcome.fate, outcome.reason) == (
        ABSTAINED,
        "breaks: shouting; composer: breaks: shouting",
    )
