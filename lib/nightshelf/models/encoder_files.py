"""What lies in an encoder's folder, checked before anything of it is loaded."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nightshelf.errors import SettingsError
from nightshelf.models.places import Download, find_folder, from_hub

# Their code is in transformers, so that a folder's own code (`auto_map`) need not run.
STANDARD = (
    *("Albert", "Bert", "Camembert", "DebertaV2", "DistilBert", "Electra"),
    *("MPNet", "ModernBert", "Roberta", "XLMRoberta"),
)
_STANDARD_NAMES = tuple(name + suffix for name in STANDARD for suffix in ("Model", "For"))
# Their first positions are taken by padding.
_OFFSET_POSITIONS = ("Camembert", "MPNet", "Roberta", "XLMRoberta")
_STAGES = {"Transformer", "Pooling", "Normalize"}


@dataclass(frozen=True)
class EncoderFiles:
    """A folder as Hugging Face writes it; `pooling` is "mean" or "cls"."""

    folder: Path
    config: Mapping[str, Any]
    weights: tuple[Path, ...]
    pooling: str

    @property
    def architecture(self) -> str:
        return str((self.config.get("architectures") or ["unknown"])[0])

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"

    @property
    def max_positions(self) -> int:
        positions = int(self.config.get("max_position_embeddings", 512))
        return positions - 2 if self.architecture.startswith(_OFFSET_POSITIONS) else positions

    def weights_sha256(self) -> str:
        """Of the file; of the list of its parts where the weights are sharded."""
        digests = [sha256(path) for path in self.weights]
        return (
            digests[0]
            if len(digests) == 1
            else hashlib.sha256("".join(digests).encode()).hexdigest()
        )


def find_encoder(
    encoder: str, download: Download = from_hub, standard: tuple[str, ...] = _STANDARD_NAMES
) -> EncoderFiles:
    """
    Raise `SettingsError` for a folder that we cannot or will not load, saying why.

    An architecture that begins like one of `standard` needs no code of the folder's own.
    """
    folder = find_folder(encoder, "config.json", download)
    config = read_json(folder / "config.json")
    files = EncoderFiles(folder, config, _weights(encoder, folder), _pooling(encoder, folder))
    if not files.tokenizer.is_file():
        raise SettingsError(f"{encoder}: no tokenizer.json; save its fast tokenizer beside it")
    if "auto_map" in config and not files.architecture.startswith(standard):
        raise SettingsError(
            f"{encoder}: {files.architecture} is code that comes with the model, and such code is"
            " never run; use a model of an architecture that transformers knows"
        )
    return files


def sha256(path: Path) -> str:
    """Hex digest of a file; read once a process unless it changes."""
    state = path.stat()
    return _sha256(path, state.st_size, state.st_mtime_ns)


@lru_cache
def _sha256(path: Path, _size: int, _modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _weights(encoder: str, folder: Path) -> tuple[Path, ...]:
    index = folder / "model.safetensors.index.json"
    names = {"model.safetensors"}
    if index.is_file():
        names = set(read_json(index)["weight_map"].values())
    missing = [n for n in sorted(names) if Path(n).name != n or not (folder / n).is_file()]
    if not missing:
        return tuple(folder / name for name in sorted(names))
    pickles = sorted(path.name for path in folder.glob("*.bin"))
    reason = (
        f"only {pickles[0]}, a pickle, which could run code when it is loaded; convert it"
        if pickles
        else f"no {missing[0]}; save the weights"
    )
    raise SettingsError(f"{encoder}: it holds {reason} as safetensors")


def _pooling(encoder: str, folder: Path) -> str:
    modules = folder / "modules.json"
    if not modules.is_file():
        return "mean"
    stages = {
        str(module["type"]).rpartition(".")[2]: module["path"] for module in read_json(modules)
    }
    if unknown := sorted(stages.keys() - _STAGES):
        raise SettingsError(f"{encoder}: it has a stage {unknown[0]}, which we do not have")
    config = read_json(folder / stages["Pooling"] / "config.json") if "Pooling" in stages else {}
    modes = sorted(
        name for name, value in config.items() if name.startswith("pooling_mode") and value
    )
    known = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
    if len(modes) > 1 or not set(modes) <= known.keys():
        raise SettingsError(f"{encoder}: pools by {', '.join(modes)}; we have mean and cls")
    return known[modes[0]] if modes else "mean"


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON of other people
    """Raise `SettingsError` for a file that is none."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (ValueError, OSError) as error:
        raise SettingsError(f"{path}: not readable as JSON ({type(error).__name__})") from error
