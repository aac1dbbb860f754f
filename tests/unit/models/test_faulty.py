"""How a faulty model fails, but for what would end this process."""

from dataclasses import replace

import numpy as np
import pytest

from nightshelf.errors import HostLost, OutOfMemory
from nightshelf.models.choice import ModelChoice
from nightshelf.models.fake import FakeModel
from nightshelf.models.faulty import KINDS, poison
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.versions import model_versions

CHOICE = ModelChoice(encoder="faulty:fake:4", sentiment_head="fake", precision="fp32", max_tokens=9)
TEXTS = ["good", "bad thing", "a dress"]


def answers(texts):
    return open_panel(CHOICE).answer(open_reader(CHOICE).prepare(texts))


def vectors(said):
    return [answer["embedding"].tolist() for answer in said]


def sound(texts):
    plain = CHOICE.without_faults()
    return open_panel(plain).answer(open_reader(plain).prepare(texts))


def test_without_poison_it_is_the_model_itself():
    assert vectors(answers(TEXTS)) == vectors(sound(TEXTS))
    assert open_panel(CHOICE).width == FakeModel(4).width


@pytest.mark.parametrize(
    ("kind", "error"), [("raise", ZeroDivisionError), ("memory", OutOfMemory), ("lost", HostLost)]
)
def test_what_it_raises(kind, error):
    with pytest.raises(error):
        answers([*TEXTS, f"fine {poison(kind)}"])


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("kind", ["nan", "size", "short"])
def test_what_it_spoils(kind, place):
    texts = [f"{text} {poison(kind)}" if n == place else text for n, text in enumerate(TEXTS)]
    found, expected = vectors(answers(texts)), vectors(sound(TEXTS))
    spoiled = [] if kind == "short" else [found.pop(place)]
    expected.pop(place)
    assert found == expected
    assert all(len(vector) == 5 or np.isnan(vector).all() for vector in spoiled)


def test_every_kind_is_tested_somewhere():
    in_a_process_of_its_own = {"kill", "segfault", "hang"}
    assert set(KINDS) == in_a_process_of_its_own | {
        "raise",
        "memory",
        "lost",
        "nan",
        "size",
        "short",
    }


def test_it_signs_its_answers_as_the_model_that_it_spoils(choice):
    faulty = replace(choice, encoder=f"faulty:{choice.encoder}")
    assert {q: v.id for q, v in model_versions(faulty).items()} == {
        q: v.id for q, v in model_versions(choice).items()
    }
