"""Who writes descriptions, which folder can, and what makes it another version."""

import json
from dataclasses import replace

import pytest
from safetensors.torch import load_file, save_file
from tests.unit.models.tiny_generators import CHAT, save_generator

from nightshelf.errors import ModelError, SettingsError
from nightshelf.models import generator_version as versioning
from nightshelf.models import prompt
from nightshelf.models.generator_choice import GeneratorChoice, generator_of
from nightshelf.models.generator_files import find_generator
from nightshelf.models.generator_version import generator_version
from nightshelf.models.panel import open_panel
from nightshelf.models.versions import versions_of
from nightshelf.settings import Settings

PLACE = "folder:/models/writer"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, GeneratorChoice(generator="composer")),
        # What the composer writes depends on none of these.
        ({"generator_max_tokens": 9, "precision": "bf16"}, GeneratorChoice(generator="composer")),
        ({"generator": "off"}, None),
        ({"generator": PLACE}, GeneratorChoice(generator=PLACE)),
        (
            {
                "generator": PLACE,
                "generator_max_tokens": 9,
                "generator_temperature": 0.7,
                "generator_seed": 4,
                "precision": "bf16",
            },
            GeneratorChoice(
                generator=PLACE, max_tokens=9, temperature=0.7, seed=4, precision="bf16"
            ),
        ),
        ({"generator": PLACE, "precision": "int8"}, GeneratorChoice(generator=PLACE)),
    ],
)
def test_the_settings_say_who_writes(settings, expected):
    assert generator_of(Settings(**settings)) == expected


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        (
            {"generator": "compose"},
            r"NIGHTSHELF_GENERATOR=compose: use off, composer, remote, pack",
        ),
        ({"generator": "fake:8"}, "GENERATOR=fake:8: use off"),
        ({"generator": "hub:shop/writer@main"}, "'main' could mean other weights tomorrow"),
        ({"max_tokens": 0}, "GENERATOR_MAX_TOKENS: use 1 or more"),
        ({"temperature": 2.5}, "GENERATOR_TEMPERATURE: use a number from 0 to 2"),
        ({"seed": -1}, "GENERATOR_SEED: use 0 or more"),
        ({"precision": "int8"}, "PRECISION: use fp32 or bf16"),
    ],
)
def test_a_choice_that_cannot_be_right(changed, complaint):
    with pytest.raises(SettingsError, match=complaint):
        replace(GeneratorChoice(generator=PLACE), **changed)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    return save_generator(tmp_path_factory.mktemp("saved"))


@pytest.fixture
def folder(saved, tmp_path):
    """A copy of small files, that a test may change."""
    for path in saved.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


@pytest.fixture
def chosen(folder):
    return GeneratorChoice(generator=f"folder:{folder}")


def edited(name, **values):
    def edit(folder):
        path = folder / name
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return edit


def without(name):
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            edited("config.json", architectures=["BertForMaskedLM"]),
            "is BertForMaskedLM; use one of",
        ),
        (edited("config.json", architectures=["MambaForCausalLM"]), "is MambaForCausalLM; use one"),
        (
            edited("config.json", architectures=["ShopLM"], auto_map={"AutoModel": "shop.LM"}),
            "ShopLM is code that comes with the model",
        ),
        (without("tokenizer.json"), "no tokenizer.json"),
        (without("model.safetensors"), "no model.safetensors; save the weights"),
        (without("config.json"), "there is no config.json in it"),
    ],
)
def test_a_folder_that_cannot_write_is_refused(folder, chosen, change, complaint):
    change(folder)
    with pytest.raises(SettingsError, match=complaint):
        find_generator(chosen)


def test_a_standard_architecture_needs_no_code_of_its_own(folder, chosen):
    edited("config.json", auto_map={"AutoModelForCausalLM": "other.GPT2"})(folder)
    assert find_generator(chosen).positions == 1024


def test_a_model_that_never_ends_is_refused(folder, chosen):
    for name in ("config.json", "generation_config.json"):
        edited(name, eos_token_id=None)(folder)
    edited("tokenizer_config.json", eos_token=None)(folder)
    tokens = json.loads((folder / "tokenizer.json").read_text())["added_tokens"]
    named = [{**token, "content": token["content"].replace("eos", "over")} for token in tokens]
    edited("tokenizer.json", added_tokens=named)(folder)
    with pytest.raises(SettingsError, match="nothing says which token ends a text"):
        find_generator(chosen)


@pytest.mark.parametrize(
    ("config", "shares"),
    [
        ({}, True),
        ({"sliding_window": 64}, False),
        ({"sliding_window": 64, "use_sliding_window": False}, True),
        ({"sliding_window": 4096}, True),
        ({"sliding_window": None}, True),
    ],
)
def test_only_a_window_that_slides_keeps_prompts_apart(folder, chosen, config, shares):
    edited("config.json", **config)(folder)
    assert find_generator(chosen).shares_prefix == shares


def test_weights_that_are_missing_are_named(folder, chosen):
    path = folder / "model.safetensors"
    weights = load_file(path)
    lost = next(name for name in sorted(weights) if "mlp" in name)
    del weights[lost]
    save_file(weights, path, {"format": "pt"})
    with pytest.raises(ModelError, match=lost):
        open_panel(chosen)


def write_template(folder):
    (folder / "chat_template.jinja").write_text(CHAT)


def write_card(folder):
    (folder / "README.md").write_text("---\nlicense: mit\n---\n")


@pytest.mark.parametrize(
    "change",
    [
        edited("config.json", activation_function="relu"),
        edited("tokenizer.json", normalizer={"type": "Lowercase"}),
        edited("generation_config.json", eos_token_id=[1, 9]),
        write_template,
        lambda folder: save_generator(folder, seed=2),
    ],
    ids=["config", "tokenizer", "ends", "template", "weights"],
)
def test_files_that_change_a_text_are_another_version(folder, chosen, change):
    before = generator_version(chosen).id
    change(folder)
    assert generator_version(chosen).id != before


def test_words_around_a_template_that_are_not_rendered_change_nothing(folder, chosen):
    write_template(folder)
    before = generator_version(chosen).id
    (folder / "chat_template.jinja").write_text("{# a note #}" + CHAT)
    assert generator_version(chosen).id == before


@pytest.mark.parametrize(
    ("before", "changed", "same"),
    [
        ({}, {}, True),
        ({}, {"max_tokens": 99}, False),
        ({}, {"precision": "bf16"}, False),
        ({}, {"temperature": 0.5}, False),
        ({}, {"seed": 7}, True),  # nothing is drawn
        ({"temperature": 0.5}, {"seed": 7}, False),
        ({"temperature": 0.5}, {"temperature": 0.6}, False),
    ],
)
def test_decoding_that_changes_a_text_is_another_version(chosen, before, changed, same):
    one = replace(chosen, **before)
    assert (generator_version(one).id == generator_version(replace(one, **changed)).id) == same


@pytest.mark.parametrize(
    ("module", "name"),
    [(versioning, "NUMERICS"), (versioning, "TIDY_VERSION"), (prompt, "INSTRUCTIONS")],
)
def test_our_own_code_and_words_are_a_part_of_it(chosen, monkeypatch, module, name):
    before = generator_version(chosen).id
    monkeypatch.setattr(module, name, "other")
    assert generator_version(chosen).id != before


def test_it_is_named_by_its_place_and_card(folder, chosen):
    write_card(folder)
    version = versions_of([chosen])["description"]
    assert (version.name, version.licence) == (folder.name, "mit")
    assert version.revision == version.identity["weights_sha256"][:12]
