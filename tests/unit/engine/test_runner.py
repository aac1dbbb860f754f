import pyarrow as pa
import pytest

from nightshelf.engine.runner import ask
from nightshelf.models.fake import FakeModel
from nightshelf.questions import EMBEDDING, SENTIMENT

ROWS = pa.RecordBatch.from_pydict(
    {
        "content_key": ["c1", "c2", "c3"],
        "text": ["fine", "a great review of the thing that is much longer", "☠"],
        "key_sentiment": ["s1", "s2", "s3"],
        "key_embedding": pa.array([None, "e2", None], pa.string()),
    }
)


def answers(question, **changed):
    options = {"max_padded_tokens": 8, "window_rows": 2} | changed
    model = FakeModel(4, max_tokens=256)
    asked = ask([ROWS[:1], ROWS[1:]], questions=[SENTIMENT, EMBEDDING], model=model, **options)
    tables = [pa.Table.from_batches([batch]) for name, batch in asked if name is question]
    return pa.concat_tables(tables).sort_by("key").to_pydict()


@pytest.mark.parametrize("window_rows", [1, 2, 100])
@pytest.mark.parametrize("max_padded_tokens", [1, 8, 1_000])
def test_every_row_is_answered_or_failed_under_its_own_key(window_rows, max_padded_tokens):
    found = answers(SENTIMENT, window_rows=window_rows, max_padded_tokens=max_padded_tokens)
    assert found["key"] == ["s1", "s2", "s3"]
    assert found["content_key"] == ["c1", "c2", "c3"]
    assert found["label"] == ["neutral", "positive", None]
    assert found["status"] == ["answered", "answered", "failed"]
    assert found["reason"] == [None, None, "UnanswerableRow"]
    assert found["tokens"] == [1, 10, 1]


def test_an_answer_that_is_known_is_not_given_again():
    found = answers(EMBEDDING)
    assert found["key"] == ["e2"]
    assert len(found["vector"][0]) == 4
