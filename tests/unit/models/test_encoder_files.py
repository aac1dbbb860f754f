import json
from pathlib import Path

import pytest

from nightshelf.errors import ModelError, SettingsError
from nightshelf.models import places
from nightshelf.models.encoder_files import find_encoder, sha256

POOLING = "1_Pooling/config.json"
MODULES = [{"type": "sentence_transformers.models.Dense", "path": "2_Dense"}]
OWN_CODE = {"auto_map": {"AutoModel": "modeling.Own"}}


def write(folder, name, content):
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))


def test_a_folder_is_described_by_its_files(encoder_folder):
    files = find_encoder(f"folder:{encoder_folder}")
    assert (files.architecture, files.pooling, files.max_positions) == ("BertModel", "mean", 512)
    assert [path.name for path in files.weights] == ["model.safetensors"]


def only_a_pickle(folder):
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


BROKEN = {
    "only a pickle": (only_a_pickle, r"pytorch_model.bin, a pickle, which could run code"),
    "no weights": (lambda f: (f / "model.safetensors").unlink(), r"no model.safetensors; save"),
    "no tokenizer": (lambda f: (f / "tokenizer.json").unlink(), r"no tokenizer.json; save"),
    "no config": (lambda f: (f / "config.json").unlink(), r"there is no config.json in it"),
    "broken config": (lambda f: write(f, "config.json", "{"), r"config.json: not readable as JSON"),
    "missing shard": (
        lambda f: write(f, "model.safetensors.index.json", {"weight_map": {"a": "x.safetensors"}}),
        r"no x.safetensors",
    ),
    "weights outside the folder": (
        lambda f: write(
            f, "model.safetensors.index.json", {"weight_map": {"a": "../encoder/model.safetensors"}}
        ),
        r"no \.\./encoder/model.safetensors; save the weights as safetensors",
    ),
    "a stage of its own": (
        lambda f: write(f, "modules.json", MODULES),
        r"a stage Dense, which we do not have",
    ),
    "max pooling": (
        lambda f: write(f, POOLING, {"pooling_mode_max_tokens": True}),
        r"pools by pooling_mode_max_tokens; we have mean and cls",
    ),
    "code of its own": (
        lambda f: write(f, "config.json", {"architectures": ["JinaBertModel"], **OWN_CODE}),
        r"JinaBertModel is code that comes with the model, and such code is never run",
    ),
}


@pytest.mark.parametrize(("break_it", "message"), BROKEN.values(), ids=BROKEN)
def test_a_folder_we_cannot_load_is_refused_with_the_reason(encoder_folder, break_it, message):
    break_it(encoder_folder)
    with pytest.raises(SettingsError, match=message):
        find_encoder(f"folder:{encoder_folder}")


def test_code_of_its_own_is_ignored_where_the_architecture_is_standard(encoder_folder, edit_config):
    edit_config(encoder_folder / "config.json", **OWN_CODE)
    assert find_encoder(f"folder:{encoder_folder}").architecture == "BertModel"


@pytest.mark.parametrize(
    ("modes", "pooling"),
    [({"pooling_mode_cls_token": True}, "cls"), ({"pooling_mode_mean_tokens": True}, "mean")],
)
def test_pooling_is_read_from_the_folder(encoder_folder, modes, pooling):
    write(encoder_folder, POOLING, modes)
    assert find_encoder(f"folder:{encoder_folder}").pooling == pooling


def test_weights_in_parts_are_found_and_hashed_together(encoder_folder):
    (encoder_folder / "model.safetensors").unlink()
    parts = {"b": "model-2.safetensors", "a": "model-1.safetensors"}
    for name in parts.values():
        write(encoder_folder, name, name)
    write(encoder_folder, "model.safetensors.index.json", {"weight_map": parts})
    files = find_encoder(f"folder:{encoder_folder}")
    assert [path.name for path in files.weights] == sorted(parts.values())
    before = files.weights_sha256()
    write(encoder_folder, "model-2.safetensors", "other weights")
    assert files.weights_sha256() != before


def test_a_changed_file_is_hashed_again(tmp_path):
    write(tmp_path, "file", "one")
    first = sha256(tmp_path / "file")
    write(tmp_path, "file", "three")
    assert sha256(tmp_path / "file") != first


@pytest.mark.parametrize("encoder", ["package:no_such_package", "package:no.such", "package:json"])
def test_a_package_without_a_model_is_named(encoder):
    with pytest.raises(SettingsError, match=encoder):
        find_encoder(encoder)


def test_a_hub_model_comes_from_its_repository_at_its_revision(encoder_folder):
    asked = []

    def download(repository, revision):
        asked.append((repository, revision))
        return encoder_folder

    assert find_encoder("hub:org/name@v1.2", download).folder == encoder_folder
    assert asked == [("org/name", "v1.2")]


@pytest.fixture
def hub(monkeypatch):
    asked = []

    def snapshot(repository, **arguments):
        asked.append((repository, arguments))
        if repository == "org/unreachable":
            raise ConnectionError
        return "/cache/org/name"

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot)
    return asked


def test_nothing_but_weights_and_descriptions_is_asked_of_the_hub(hub):
    assert places.from_hub("org/name", "v1.2") == Path("/cache/org/name")
    [(repository, arguments)] = hub
    assert (repository, arguments.pop("revision")) == ("org/name", "v1.2")
    assert arguments == {"allow_patterns": ["*.json", "*.jinja", "model*.safetensors", "README.md"]}


@pytest.mark.usefixtures("hub")
def test_a_hub_that_cannot_be_reached_is_a_model_error():
    with pytest.raises(ModelError, match=r"org/unreachable at v1 did not come from the hub"):
        places.from_hub("org/unreachable", "v1")
