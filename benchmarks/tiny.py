"""A BERT of one thin layer with the real tokenizer: all of the work but that of the weights."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import find_encoder
from nightshelf.models.sentiment_head import ABOUT, FILE, LABELS

_WIDTH, _INNER, _HEADS = 32, 64, 2
_COPIED = ("tokenizer.json", "modules.json", "1_Pooling/config.json")


def make_tiny(like: ModelChoice, folder: Path) -> ModelChoice:
    """Random weights, always the same, and a head to them; saved as any other model would be."""
    files = find_encoder(like.encoder)
    for name in _COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(files.folder / name, folder / name)
    config = {
        **files.config,
        "hidden_size": _WIDTH,
        "intermediate_size": _INNER,
        "num_attention_heads": _HEADS,
        "num_hidden_layers": 1,
    }
    (folder / "config.json").write_text(json.dumps(config))
    save_file(_weights(config), folder / "model.safetensors")
    place = f"folder:{folder}"
    _save_head(folder, find_encoder(place).weights_sha256())
    return ModelChoice(
        encoder=place,
        sentiment_head=place,
        precision=like.precision,
        max_tokens=like.max_tokens,
    )


def _weights(config: dict[str, Any]) -> dict[str, NDArray[np.float32]]:
    shapes = {
        "embeddings.word_embeddings": (config["vocab_size"], _WIDTH),
        "embeddings.position_embeddings": (config["max_position_embeddings"], _WIDTH),
        "embeddings.token_type_embeddings": (config["type_vocab_size"], _WIDTH),
    }
    layer = "encoder.layer.0"
    for name in ("query", "key", "value"):
        shapes[f"{layer}.attention.self.{name}"] = (_WIDTH, _WIDTH)
    shapes[f"{layer}.attention.output.dense"] = (_WIDTH, _WIDTH)
    shapes[f"{layer}.intermediate.dense"] = (_INNER, _WIDTH)
    shapes[f"{layer}.output.dense"] = (_WIDTH, _INNER)
    random = np.random.default_rng(7)
    weights = {f"{n}.weight": random.normal(0, 0.5, shape) for n, shape in shapes.items()}
    for name, (out, _) in shapes.items():
        if name.endswith(("dense", "query", "key", "value")):
            weights[f"{name}.bias"] = np.zeros(out)
    for name in ("embeddings", f"{layer}.attention.output", f"{layer}.output"):
        weights[f"{name}.LayerNorm.weight"] = np.ones(_WIDTH)
        weights[f"{name}.LayerNorm.bias"] = np.zeros(_WIDTH)
    return {name: array.astype(np.float32) for name, array in weights.items()}


def _save_head(folder: Path, encoder_sha256: str) -> None:
    random = np.random.default_rng(8)
    tensors = {
        "hidden_weight": random.normal(size=(_WIDTH, 8)),
        "hidden_bias": np.zeros(8),
        "output_weight": random.normal(size=(8, len(LABELS))),
        "output_bias": np.zeros(len(LABELS)),
    }
    about = {"labels": LABELS, "encoder_sha256": encoder_sha256, "licence": "none"}
    save_file(
        {name: array.astype(np.float32) for name, array in tensors.items()},
        folder / FILE,
        {ABOUT: json.dumps(about)},
    )
