import hashlib
from dataclasses import replace

import numpy as np
import pytest
import torch

from nightshelf import names
from nightshelf.errors import ModelError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.classifier_choice import ClassifierChoice
from nightshelf.models.fake import FakeModel
from nightshelf.models.panel import open_panel, open_reader, remember
from nightshelf.models.sentiment_head import LABELS

TEXTS = [
    ("Love it. So soft and it fits perfectly, I wear it every week!", "positive"),
    ("Terrible. It fell apart after one wash and they refused a refund.", "negative"),
    ("Great phone, works perfectly, highly recommended.", "positive"),
    ("Cheap fabric, awful smell, I returned it the same day.", "negative"),
    ("It's ok. The colour is nice but the fit is off, so I am not sure I will keep it.", "neutral"),
]


def answered(panel, texts):
    """What each text was told; `panel` is the two halves of a model."""
    reader, model = panel
    said = model.answer(reader.prepare(texts))
    return [dict(zip(said, one, strict=True)) for one in zip(*said.values(), strict=True)]


def test_one_pass_answers_both_questions(panel):
    answers = answered(panel, [text for text, _ in TEXTS])
    for answer in answers:
        assert answer.keys() == {names.SENTIMENT, names.EMBEDDING}
        assert sum(answer[names.SENTIMENT]) == pytest.approx(1, abs=1e-6)
        assert answer[names.EMBEDDING].dtype == np.float32
        assert np.linalg.norm(answer[names.EMBEDDING]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("text", "label"), TEXTS)
def test_the_shipped_head_reads_plain_words(panel, text, label):
    [answer] = answered(panel, [text])
    assert LABELS[np.argmax(answer[names.SENTIMENT])] == label


def test_company_in_a_batch_does_not_change_an_answer(panel):
    texts = [text for text, _ in TEXTS]
    together = answered(panel, ["", *reversed(texts), "long " * 100])[1:-1][::-1]
    for alone, answer in zip((answered(panel, [text])[0] for text in texts), together, strict=True):
        assert np.dot(alone[names.EMBEDDING], answer[names.EMBEDDING]) > 0.99999
        np.testing.assert_allclose(alone[names.SENTIMENT], answer[names.SENTIMENT], atol=1e-4)


def test_similar_texts_lie_close(panel):
    kettle, pot, shoe = (
        answer[names.EMBEDDING]
        for answer in answered(panel, ["red kettle", "a kettle in red", "running shoes"])
    )
    assert kettle @ pot > 0.8 > 0.5 > kettle @ shoe


def test_an_empty_batch_has_no_answers(panel):
    assert answered(panel, []) == []


def test_a_fake_choice_opens_the_fake():
    choice = ModelChoice(encoder="fake:6", sentiment_head="fake", precision="fp32", max_tokens=9)
    panel = open_reader(choice), open_panel(choice)
    assert isinstance(panel[1], FakeModel)
    [answer] = answered(panel, ["good"])
    assert len(answer[names.EMBEDDING]) == 6


@pytest.fixture
def _threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("_threads")
@pytest.mark.parametrize("threads", [1, 2])
def test_torch_computes_on_as_many_threads_as_were_given(choice, threads):
    open_panel(choice, threads=threads)
    assert torch.get_num_threads() == threads


def test_a_head_of_another_encoder_is_refused(choice, encoder_folder):
    weights = encoder_folder / "model.safetensors"
    weights.unlink()
    weights.write_bytes(b"other weights")
    with pytest.raises(ModelError, match="trained on an encoder with SHA-256"):
        open_panel(replace(choice, encoder=f"folder:{encoder_folder}"))


def test_a_fork_of_who_remembers_a_model_does_not_read_its_weights_for_their_digest(
    choice, monkeypatch
):
    remember(replace(choice, encoder=f"faulty:{choice.encoder}"))
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("read again"))
    open_panel(choice)


@pytest.mark.parametrize(
    "other",
    [
        ModelChoice(encoder="fake:8", sentiment_head="fake", precision="fp32", max_tokens=8),
        ModelChoice(
            encoder="hub:shop/no-such@v1.0",
            sentiment_head="package:nightshelf.models",
            precision="fp32",
            max_tokens=8,
        ),
        ClassifierChoice(question="tone", model="folder:/nowhere"),
    ],
    ids=["fake", "hub", "classifier"],
)
def test_of_others_it_looks_at_nothing(other):
    remember(other)
