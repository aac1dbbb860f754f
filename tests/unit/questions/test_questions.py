import numpy as np
import pyarrow as pa
import pytest

from nightshelf.questions.embedding import EMBEDDING
from nightshelf.questions.sentiment import SENTIMENT

BAD, FLAT, GOOD = (0.7, 0.2, 0.1), (0.25, 0.5, 0.25), (0.1, 0.2, 0.7)


def table(question, answers):
    """Fails if the columns are not what the question says they are."""
    return pa.table(question.to_columns(answers), schema=question.columns)


@pytest.mark.parametrize(
    ("answers", "labels"),
    [
        ([], []),
        ([BAD, FLAT, GOOD], ["negative", "neutral", "positive"]),
        (np.array([BAD, FLAT, GOOD], np.float32), ["negative", "neutral", "positive"]),
        ([(0.5, 0.0, 0.5)], ["negative"]),
    ],
    ids=["no rows", "each label", "an array", "a draw is the worse one"],
)
def test_sentiment_columns(answers, labels):
    columns = table(SENTIMENT, answers)
    assert columns.column_names == ["p_negative", "p_neutral", "p_positive", "label"]
    assert columns["label"].to_pylist() == labels
    for place, name in enumerate(columns.column_names[:3]):
        said = [np.float32(answer[place]) for answer in answers]
        assert columns[name].to_pylist() == said


@pytest.mark.parametrize(
    "answers",
    [
        [],
        np.empty((0, 0), np.float32),
        [np.array([0.6, 0.8], np.float32), [1.0, 0.0]],
        np.array([[0.6, 0.8], [1.0, 0.0], [0.0, 1.0]], np.float32),
    ],
    ids=["no rows", "an array of no rows", "arrays and lists", "an array"],
)
def test_embedding_columns(answers):
    vectors = table(EMBEDDING, answers)["vector"].to_pylist()
    assert vectors == [np.asarray(answer, np.float32).tolist() for answer in answers]


def test_vectors_of_several_lengths_are_not_mixed_up():
    with pytest.raises(ValueError, match="inhomogeneous"):
        EMBEDDING.to_columns([[1.0], [0.6, 0.8]])
