"""What a model says is checked before anybody believes it."""

import numpy as np
import pytest

from nightshelf.engine.device import LocalDevice
from nightshelf.engine.tokens import Tokens
from nightshelf.errors import HostLost, ModelRaised, OutOfMemory, WrongAnswer
from nightshelf.questions import EMBEDDING, SENTIMENT

FLAT = (0.25, 0.5, 0.25)
GOOD = (FLAT, (0.6, 0.8))


class Says:
    """A model of vectors two long that says the same to every batch."""

    width = 2

    def __init__(self, said):
        self.said = said

    def answer(self, batch):
        if isinstance(self.said, BaseException):
            raise self.said
        return self.said


def said(*rows):
    """Each row is a triple and a vector; what is left out is as it should be."""
    sentiments, embeddings = zip(*((*row, *GOOD[len(row) :]) for row in rows), strict=True)
    return {"sentiment": list(sentiments), "embedding": list(embeddings)}


def collected(model):
    device = LocalDevice(model, [SENTIMENT, EMBEDDING])
    device.submit(Tokens.from_rows([[1], [2]]))
    return device.collect()


def test_a_good_answer_is_a_row_a_text_and_a_column_a_question():
    found = collected(Says(said((), ())))
    assert found.schema.names == ["sentiment", "embedding"]
    assert found["sentiment"][1].as_py()["label"] == "neutral"
    assert found["embedding"].type[0].type == EMBEDDING.columns.field("vector").type


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        pytest.param(said(()), WrongAnswer, id="too few"),
        pytest.param(said((), (), ()), WrongAnswer, id="too many"),
        pytest.param(said((), (FLAT, (np.nan, 1))), WrongAnswer, id="NaN in a vector"),
        pytest.param(said((), ((np.nan,) * 3,)), WrongAnswer, id="NaN for logits"),
        pytest.param(said((), (FLAT, (np.inf, 1))), WrongAnswer, id="infinite"),
        pytest.param(said((), (FLAT, (1, 0, 0))), WrongAnswer, id="vectors of two sizes"),
        pytest.param(said(*[(FLAT, (1, 0, 0))] * 2), WrongAnswer, id="vectors of a wrong size"),
        pytest.param({"sentiment": [FLAT] * 2}, ModelRaised, id="no answer to a question"),
        pytest.param(ZeroDivisionError(), ModelRaised, id="raises"),
        pytest.param(OutOfMemory(), OutOfMemory, id="says that it is too much"),
        pytest.param(HostLost("gone"), HostLost, id="the device is gone"),
        pytest.param(KeyboardInterrupt(), KeyboardInterrupt, id="a person ends it"),
    ],
)
def test_what_is_no_answer(answers, error):
    with pytest.raises(error):
        collected(Says(answers))


def test_what_a_model_raises_never_carries_its_words():
    with pytest.raises(ModelRaised) as caught:
        collected(Says(ValueError("the text was: secret")))
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r}"
