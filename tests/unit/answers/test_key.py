import pytest

from nightshelf.answers.key import answer_key, content_key
from nightshelf.answers.version import ModelVersion


def test_keys_never_change_between_versions_of_this_code():
    content = content_key(b"secret", "Lovely kettle")
    assert content == "52f9ab35a66e8d1912c3612cfef3546c57a4b331262da4f33d571e9fa00f497e"
    assert answer_key(content, "0123456789abcdef") == (
        "280f38b2afca9504574c42fbe791adecedabb15e7f3b21805bda4729025b95c8"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param((b"a", "text"), (b"b", "text"), id="another lake"),
        pytest.param((b"a", "text"), (b"a", "Text"), id="another wording"),
        pytest.param((b"a", ""), (b"a", " "), id="a blank is not nothing"),
    ],
)
def test_contents_differ(one, other):
    assert content_key(*one) != content_key(*other)


def version(**changed):
    about = {"name": "n", "revision": "r", "licence": "MIT", "question": "sentiment"}
    identity = {"weights": "w", "precision": "fp32", "max_tokens": 256}
    parts = {key: changed.pop(key, value) for key, value in about.items()}
    return ModelVersion(**parts, identity={**identity, **changed})


@pytest.mark.parametrize(
    "changed",
    [{"weights": "x"}, {"precision": "bf16"}, {"max_tokens": 128}, {"question": "embedding"}],
    ids=str,
)
def test_what_can_change_an_answer_makes_another_model_version(changed):
    assert version(**changed).id != version().id


@pytest.mark.parametrize("changed", [{"name": "m"}, {"licence": "Apache-2.0"}], ids=str)
def test_what_is_for_people_does_not(changed):
    assert version(**changed).id == version().id
