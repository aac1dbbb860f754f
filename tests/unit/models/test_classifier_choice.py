"""A file of classifiers says what is asked; what is wrong in it is named."""

from dataclasses import replace

import pytest

from nightshelf.errors import SettingsError
from nightshelf.models.classifier_choice import ClassifierChoice, classifiers
from nightshelf.settings import Settings

GOOD = ClassifierChoice(question="tone", model="folder:/models/tone")


def read(tmp_path, text):
    path = tmp_path / "classifiers.toml"
    path.write_text(text)
    return classifiers(Settings(classifiers=str(path)))


def test_without_a_file_there_are_none():
    assert classifiers(Settings()) == ()


def test_each_table_is_a_question_in_the_order_of_the_file(tmp_path):
    text = """
    [urgency]
    model = "hub:shop/urgency@0123456789012345678901234567890123456789"
    scores = "sigmoid"
    threshold = 1e-1
    labels = ["act now", "can wait"]
    long_texts = "windows"
    pooling = "max"

    [kind]
    model = "folder:/models/kind"
    about = "catalog"
    """
    urgency, kind = read(tmp_path, text)
    assert (urgency.question, urgency.about, urgency.threshold) == ("urgency", "reviews", 0.1)
    assert urgency.labels == ("act now", "can wait")
    assert (urgency.long_texts, urgency.pooling) == ("windows", "max")
    assert kind == ClassifierChoice(question="kind", model="folder:/models/kind", about="catalog")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[tone", "not readable as TOML"),
        ("tone = 1", "tone: write it below a line"),
        ("[tone]", r"\[tone\] model is missing"),
        ('[tone]\nmodel = "x"\nlabel = "y"', r"\[tone\] label is not a field; fields: about, mod"),
        ("[tone]\nmodel = 1", r"\[tone\] model = 1: it has to be text"),
        ('[tone]\nmodel = "fake"\nlabels = "a"', r"labels = 'a': it has to be a list of texts"),
        ('[tone]\nmodel = "fake"\nlabels = ["a", 1]', "labels: it has to be a list of texts"),
        ('[tone]\nmodel = "folder:/x"\nthreshold = "a"', "threshold = 'a': it has to be a number"),
        ('[tone]\nmodel = "folder:/x"\nmax_tokens = 1.5', "max_tokens = 1.5: it has to be a whole"),
        ('[tone]\nmodel = "folder:/x"\nmax_tokens = true', "max_tokens = True: it has to be"),
        ('[Tone]\nmodel = "folder:/x"', r"\[Tone\] the name: use small letters"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_field(tmp_path, text, complaint):
    with pytest.raises(SettingsError, match=complaint) as caught:
        read(tmp_path, text)
    assert str(tmp_path / "classifiers.toml") in str(caught.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match=r"NIGHTSHELF_CLASSIFIERS=.*none\.toml: not readable"):
        classifiers(Settings(classifiers=str(tmp_path / "none.toml")))


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"question": "sentiment"}, "the name: it is taken"),
        ({"question": "a b"}, "the name: use small letters"),
        ({"about": "orders"}, "about: use reviews or catalog"),
        ({"labels": ("a", "a")}, "labels: each can be there once"),
        ({"scores": "max"}, "scores: use softmax or sigmoid"),
        ({"threshold": 1.0}, "threshold: use a number between 0 and 1"),
        ({"precision": "fp8"}, "precision: use fp32"),
        ({"max_tokens": 0}, "max_tokens: use 1 or more"),
        ({"long_texts": "drop"}, "long_texts: use cut or windows"),
        ({"pooling": "first"}, "pooling: use mean or max"),
        ({"pooling": "max"}, 'pooling: only scores = "sigmoid"'),
        ({"model": "tone"}, "model = tone: use package:NAME, folder:PATH or hub:"),
        ({"model": "fake:8"}, "model = fake:8: use package:NAME"),
        ({"model": "hub:shop/tone@main"}, "'main' could mean other weights tomorrow"),
        ({"model": "fake"}, "labels: a fake has none of its own"),
    ],
)
def test_a_choice_that_cannot_be_right(changed, complaint):
    with pytest.raises(SettingsError, match=complaint):
        replace(GOOD, **changed)
