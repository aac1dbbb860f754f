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
        ([None], [None]),
        ([BAD, None, FLAT, GOOD], ["negative", None, "neutral", "positive"]),
        ([(0.5, 0.0, 0.5)], ["negative"]),
    ],
    ids=["no rows", "nothing said", "each label", "a draw is the worse one"],
)
def test_sentiment_columns(answers, labels):
    columns = table(SENTIMENT, answers)
    assert columns.column_names == ["p_negative", "p_neutral", "p_positive", "label"]
    assert columns["label"].to_pylist() == labels
    for place, name in enumerate(columns.column_names[:3]):
        said = [None if answer is None else np.float32(answer[place]) for answer in answers]
        assert columns[name].to_pylist() == said


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [None, None],
        [np.array([0.6, 0.8], np.float32), None, [1.0, 0.0]],
        [None, np.array([1.0], np.float32)],
    ],
    ids=["no rows", "nothing said", "arrays and lists", "nothing said first"],
)
def test_embedding_columns(answers):
    vectors = table(EMBEDDING, answers)["vector"].to_pylist()
    said = [None if a is None else np.asarray(a, np.float32).tolist() for a in answers]
    assert vectors == said


def test_vectors_of_several_lengths_are_not_mixed_up():
    with pytest.raises(ValueError, match="same shape"):
        EMBEDDING.to_columns([[1.0], [0.6, 0.8]])
