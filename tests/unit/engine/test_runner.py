import pyarrow as pa
import pytest

from nightshelf.engine.device import LocalDevice
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.usage import Usage
from nightshelf.models.fake import FakeModel, FakeReader
from nightshelf.questions import EMBEDDING, SENTIMENT

ROWS = pa.RecordBatch.from_pydict(
    {
        "content_key": ["c1", "c2", "c3"],
        "text": ["fine", "a great review of the thing that is much longer", "☠"],
        "key_sentiment": ["s1", "s2", "s3"],
        "key_embedding": pa.array([None, "e2", None], pa.string()),
    }
)


def asked(usage=None, **changed):
    limits = {"max_padded_tokens": 8, "window_rows": 2, "max_failed_share": 0.5} | changed
    panel = Panel(
        questions=[SENTIMENT, EMBEDDING],
        reader=FakeReader(max_tokens=256),
        device=LocalDevice(FakeModel(4), [SENTIMENT, EMBEDDING]),
        limits=Limits(**limits),
    )
    return ask([ROWS[:1], ROWS[1:]], panel, usage or Usage())


def answers(question, **changed):
    tables = [
        pa.Table.from_batches([batch]) for name, batch in asked(**changed) if name is question
    ]
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


def test_what_it_took_is_counted():
    usage = Usage()
    list(asked(usage, window_rows=100, max_padded_tokens=1_000))
    assert (usage.texts, usage.tokens, usage.failures) == (3, 12, {"UnanswerableRow": 1})
    # Of the batches that were answered: the long text alone, then the two short ones apart.
    assert usage.padded_tokens == 10 + 1
    assert usage.batches >= 4
    assert usage.queue_depth == 1
    assert 0 < usage.busy_seconds <= usage.seconds


@pytest.mark.parametrize("closes_early", [True, False])
def test_what_reading_raises_is_raised_here(closes_early):
    def broken():
        yield ROWS
        raise ConnectionError

    panel = Panel(
        questions=[SENTIMENT],
        reader=FakeReader(max_tokens=256),
        device=LocalDevice(FakeModel(4), [SENTIMENT]),
        limits=Limits(max_padded_tokens=8, window_rows=1, max_failed_share=1),
    )
    found = ask(broken(), panel, Usage())
    assert next(found)[0] is SENTIMENT
    if closes_early:
        found.close()
    else:
        with pytest.raises(ConnectionError):
            list(found)
