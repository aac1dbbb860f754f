import pytest

from nightshelf.engine.model import Failure
from nightshelf.engine.recovery import answer_surviving
from nightshelf.errors import OutOfMemory, UnanswerableRow


class Upper:
    """Answers in capitals; a batch over `max_rows` or with poison in it is too much."""

    def __init__(self, max_rows=1_000, broken=None):
        self.max_rows, self.broken, self.batch_sizes = max_rows, broken, []

    def prepare(self, texts):
        return list(texts)

    def answer(self, batch):
        self.batch_sizes.append(len(batch))
        if self.broken:
            raise self.broken
        if len(batch) > self.max_rows:
            raise OutOfMemory
        if "☠" in batch:
            raise UnanswerableRow
        return [{"upper": text.upper()} for text in batch]


def answered(model, texts):
    found = answer_surviving(model, model.prepare(texts), range(len(texts)))
    return {row: a if isinstance(a, Failure) else a["upper"] for row, a in found}


def test_a_healthy_batch_is_answered_in_one_call():
    model = Upper()
    assert answered(model, ["a", "b"]) == {0: "A", 1: "B"}
    assert model.batch_sizes == [2]


def test_out_of_memory_halves_the_batch():
    model = Upper(max_rows=2)
    assert answered(model, list("abcd")) == {0: "A", 1: "B", 2: "C", 3: "D"}
    assert model.batch_sizes == [4, 2, 2]


@pytest.mark.parametrize("place", [0, 1, 2, 6])
def test_only_the_poison_row_is_lost(place):
    texts = list("abcdefg")
    texts[place] = "☠"
    expected = {n: text.upper() for n, text in enumerate(texts)}
    assert answered(Upper(), texts) == {**expected, place: Failure("UnanswerableRow")}


def test_a_broken_system_is_not_mistaken_for_bad_rows():
    with pytest.raises(ConnectionError):
        answered(Upper(broken=ConnectionError("no route to host")), ["a"])
