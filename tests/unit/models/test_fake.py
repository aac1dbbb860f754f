import numpy as np
import pytest

from nightshelf import names
from nightshelf.errors import UnanswerableRow
from nightshelf.models.fake import FakeModel, FakeReader
from nightshelf.models.sentiment_head import LABELS


def answers(texts, *, max_tokens=256):
    return FakeModel(8).answer(FakeReader(max_tokens).prepare(texts))


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [
        ("Lovely, great fit!", "positive"),
        ("It broke. Great?! Awful.", "negative"),
        ("A dress", "neutral"),
        ("good but cheap", "neutral"),
        ("", "neutral"),
    ],
)
def test_sentiment_follows_the_words(text, likeliest):
    [said] = answers([text])[names.SENTIMENT]
    assert LABELS[np.argmax(said)] == likeliest
    assert sum(said) == 1


def test_the_same_text_has_the_same_vector_and_another_text_another():
    vectors = answers(["one", "two", "one", ""])[names.EMBEDDING]
    assert vectors[0].dtype == np.float32
    assert (vectors[0] == vectors[2]).all()
    assert not (vectors[0] == vectors[1]).any()
    np.testing.assert_allclose([np.linalg.norm(v) for v in vectors], 1, rtol=1e-6)


def test_a_vector_never_changes_between_releases():
    [vector] = answers(["Lovely kettle"])[names.EMBEDDING]
    assert (
        vector.tobytes().hex() == "1ff5b13d29e599be610f103d2f15d0bed1fa01bf8571173eb70403bf2892e13e"
    )


@pytest.mark.parametrize("text", ["☠", "fine ☠ fine", "glued☠on"])
def test_poison_spoils_its_batch(text):
    with pytest.raises(UnanswerableRow):
        answers(["fine", text])


def test_words_beyond_max_tokens_are_not_read():
    [short, long] = answers(["good dress", "good dress ☠"], max_tokens=2)[names.EMBEDDING]
    assert (short == long).all()


def test_an_empty_batch_has_no_answers():
    assert answers([]) == {names.SENTIMENT: [], names.EMBEDDING: []}
