import numpy as np
import pytest

from nightshelf import names
from nightshelf.errors import UnanswerableRow
from nightshelf.models.fake import FakeModel, FakeReader


def answers(texts, *, max_tokens=256):
    return FakeModel(8).answer(FakeReader(max_tokens).prepare(texts))


@pytest.mark.parametrize(
    ("text", "likeliest"),
    [
        ("Lovely, great fit!", "p_positive"),
        ("It broke. Great?! Awful.", "p_negative"),
        ("A dress", "p_neutral"),
        ("good but cheap", "p_neutral"),
        ("", "p_neutral"),
    ],
)
def test_sentiment_follows_the_words(text, likeliest):
    [answer] = answers([text])
    said = answer[names.SENTIMENT]._asdict()
    assert max(said, key=said.get) == likeliest
    assert sum(said.values()) == 1


def test_the_same_text_has_the_same_vector_and_another_text_another():
    vectors = [answer[names.EMBEDDING] for answer in answers(["one", "two", "one", ""])]
    assert vectors[0].dtype == np.float32
    assert (vectors[0] == vectors[2]).all()
    assert not (vectors[0] == vectors[1]).any()
    np.testing.assert_allclose([np.linalg.norm(v) for v in vectors], 1, rtol=1e-6)


def test_a_vector_never_changes_between_releases():
    [answer] = answers(["Lovely kettle"])
    assert (
        answer[names.EMBEDDING].tobytes().hex()
        == "1ff5b13d29e599be610f103d2f15d0bed1fa01bf8571173eb70403bf2892e13e"
    )


@pytest.mark.parametrize("text", ["☠", "fine ☠ fine", "glued☠on"])
def test_poison_spoils_its_batch(text):
    with pytest.raises(UnanswerableRow):
        answers(["fine", text])


def test_words_beyond_max_tokens_are_not_read():
    [short, long] = answers(["good dress", "good dress ☠"], max_tokens=2)
    assert (short[names.EMBEDDING] == long[names.EMBEDDING]).all()


def test_an_empty_batch_has_no_answers():
    assert answers([]) == []
