"""What is measured, with models that are off by as much as a table says."""

from dataclasses import replace

import numpy as np
import pytest

from nightshelf import names
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import ContractError, ModelError
from nightshelf.models import fidelity
from nightshelf.models.choice import ModelChoice
from nightshelf.models.fidelity import Fidelity, measure

INT8 = ModelChoice(encoder="fake:8", sentiment_head="fake", precision="int8", max_tokens=64)


def figures(**changed):
    return Fidelity(
        **{"texts": 1000, "mean_cosine": 0.999, "low_cosine": 0.99, "flips": 0} | changed
    )


MEAN = "the mean cosine is {}, and has to be at least 0.995"
LOW = "the 1st percentile of the cosine is {}, and has to be at least 0.98"
FLIPS = "{} of the sentiment labels flip, and at most 0.50% may"


@pytest.mark.parametrize(
    ("found", "refusals"),
    [
        (figures(), []),
        (figures(mean_cosine=0.995, low_cosine=0.98, flips=0.005), []),
        (figures(mean_cosine=0.9949), [MEAN.format("0.9949")]),
        (figures(low_cosine=0.9799), [LOW.format("0.9799")]),
        (figures(flips=0.0051), [FLIPS.format("0.51%")]),
        (
            figures(mean_cosine=0.5, low_cosine=-1.0, flips=1.0),
            [MEAN.format("0.5000"), LOW.format("-1.0000"), FLIPS.format("100.00%")],
        ),
        (figures(mean_cosine=float("nan")), [MEAN.format("nan")]),
    ],
)
def test_each_limit_that_does_not_hold_is_a_sentence(found, refusals):
    assert found.refusals == refusals


class Reader:
    """A text is a number; one token tells it, and others make it as long as it is large."""

    def prepare(self, texts):
        return Tokens.from_rows([[int(text)] * (1 + int(text) % 7) for text in texts])


class Model:
    """Each text has a direction of its own; `turned` moves it, in degrees, and `flipped` lies."""

    width = 2

    def __init__(self, turned, flipped):
        self.turned, self.flipped = turned, flipped

    def answer(self, batch):
        said = [self.say(int(ids[0])) for ids in batch]
        return {name: [one[name] for one in said] for name in (names.SENTIMENT, names.EMBEDDING)}

    def say(self, text):
        angle = np.deg2rad(text + self.turned.get(text, 0))
        sentiment = [0.1, 0.1, 0.1]
        sentiment[(text + (text in self.flipped)) % 3] = 0.8
        vector = np.array([np.cos(angle), np.sin(angle)], np.float32)
        return {names.EMBEDDING: vector, names.SENTIMENT: sentiment}


@pytest.fixture
def measured(monkeypatch):
    def measure_with(turned=(), flipped=(), texts=range(400)):
        models = {"int8": Model(dict(turned), set(flipped)), "fp32": Model({}, set())}
        monkeypatch.setattr(fidelity, "open_reader", lambda choice: Reader())
        monkeypatch.setattr(fidelity, "open_panel", lambda choice: models[choice.precision])
        return measure(INT8, [str(text) for text in texts])

    return measure_with


COS_60 = 0.5


@pytest.mark.parametrize(
    ("models", "mean", "low", "flips"),
    [
        ({}, 1, 1, 0),
        ({"turned": dict.fromkeys(range(400), 60)}, COS_60, COS_60, 0),
        ({"turned": dict.fromkeys(range(100, 200), 60)}, 1 - COS_60 / 4, COS_60, 0),
        # Three texts of 400 are less than one in a hundred.
        ({"turned": dict.fromkeys(range(3), 60)}, 1 - 3 * COS_60 / 400, 1, 0),
        ({"flipped": range(8)}, 1, 1, 0.02),
    ],
)
def test_what_is_off_is_measured(measured, models, mean, low, flips):
    found = measured(**models)
    assert found.texts == 400
    assert found.mean_cosine == pytest.approx(mean, abs=1e-5)
    assert found.low_cosine == pytest.approx(low, abs=1e-5)
    assert found.flips == flips


def test_a_text_counts_once(measured):
    found = measured(flipped=[0], texts=[*range(200), *[0] * 1000])
    assert (found.texts, found.flips) == (200, 1 / 200)


@pytest.mark.parametrize("texts", [range(199), [*range(199)] * 3, []], ids=len)
def test_too_few_texts_are_an_error_that_says_what_to_do(measured, texts):
    count = len(set(texts))
    with pytest.raises(ContractError, match=f"^{count} distinct .* takes 200.*--texts FILE"):
        measured(texts=texts)


def test_texts_that_cannot_be_answered_are_counted_and_not_said():
    texts = [f"word {n}" for n in range(200)] + ["secret ☠"]
    with pytest.raises(ModelError, match=r"int8 could not answer .* \(UnanswerableRow\)") as caught:
        measure(INT8, texts)
    assert "secret" not in str(caught.value)


def test_the_real_encoder_on_int8_is_measured(choice):
    things = ["dress", "kettle", "tent", "phone", "lamp", "jacket", "puzzle", "pan"]
    said = [
        "I love this {}, it is perfect",
        "the {} broke after one day, awful",
        "a {}. It is ok, I guess",
        "my {} came late and the box was torn",
        "this {} is soft, light and well made",
    ]
    ends = [".", ", as I wrote before.", " and my sister says so, too.", "!", " (size M).", ""]
    texts = [one.format(thing) + end for one in said for thing in things for end in ends]
    found = measure(replace(choice, precision="int8"), texts)
    assert found.texts == 240
    assert 0.99 < found.low_cosine < found.mean_cosine < 0.9999
    assert found.mean_cosine > fidelity.MEAN_COSINE
    assert found.flips < 0.1
