"""
What is asked of vLLM, with the names and the behaviour of its API as of 0.30.0 and 0.33.0.

A test copies this file to where `import vllm` finds it. It computes by transformers, a row at a
time; `faults.json` beside it maps a token of a prompt to how the engine fails over it.
"""

import json
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import torch
import transformers

__version__ = "0.30.0"

_ARGUMENTS = {
    *("model", "skip_tokenizer_init", "trust_remote_code", "load_format", "generation_config"),
    *("dtype", "max_model_len", "gpu_memory_utilization", "seed", "enforce_eager"),
}
_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class VLLMValidationError(Exception):
    """No `ValueError`, as there."""


class TokensPrompt(dict):
    """A dictionary with types, as there."""


@dataclass
class SamplingParams:
    """Those of its fields that somebody could want here; the defaults are its own."""

    n: int = 1
    temperature: float = 1.0
    top_p: float = 1.0
    top_k: int = 0
    seed: int | None = None
    stop: list[str] | None = None
    stop_token_ids: list[int] | None = None
    ignore_eos: bool = False
    max_tokens: int | None = 16
    min_tokens: int = 0
    detokenize: bool = True
    skip_special_tokens: bool = True

    def __post_init__(self):
        if not 0 <= self.temperature <= 2:
            raise ValueError(f"temperature must be in [0, 2], got {self.temperature}.")
        if self.seed is not None and not -(2**63) <= self.seed < 2**63:
            raise ValueError("a seed of more than 64 bits")


@dataclass
class CompletionOutput:
    index: int
    text: str
    token_ids: list[int]
    finish_reason: str | None = None
    stop_reason: int | str | None = None


class LLM:
    def __init__(self, model, **named):
        if unknown := sorted(named.keys() - _ARGUMENTS):
            raise TypeError(f"EngineArgs.__init__() got an unexpected keyword {unknown[0]!r}")
        assert os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] == "0"
        if named["gpu_memory_utilization"] > 0.99:
            raise ValueError("Free memory on device cuda:0 is less than desired GPU memory util…")
        dtype = _DTYPES[named["dtype"]]
        opened = transformers.AutoModelForCausalLM.from_pretrained(model, dtype=dtype)
        self._module, self._unfinished, self._asked = opened.eval(), {}, 0
        longest = self._module.config.max_position_embeddings
        self.model_config = SimpleNamespace(max_model_len=longest)
        self.llm_engine = self

    def has_unfinished_requests(self):
        return bool(self._unfinished)

    def generate(self, prompts, sampling_params=None, *, use_tqdm=True):
        assert use_tqdm is False
        assert len(prompts) == len(sampling_params)
        added = {}
        for prompt, params in zip(prompts, sampling_params, strict=True):
            ids = prompt["prompt_token_ids"]
            if len(ids) >= self.model_config.max_model_len:
                raise VLLMValidationError(
                    f"The decoder prompt (length {len(ids)}) is longer than …"
                )
            if not ids:
                raise VLLMValidationError("The decoder prompt cannot be empty")
            added[str(self._asked)] = (ids, params)
            self._asked += 1
        self._unfinished |= added
        found = []
        # All that is under way is answered, from whatever call it is: as there.
        while self._unfinished:
            self._step(found)
        return sorted(found, key=lambda one: int(one.request_id))

    def _step(self, found):
        for ids, _ in self._unfinished.values():
            _fail(ids)
        name, (ids, params) = next(iter(self._unfinished.items()))
        written, reason = self._write(ids, params)
        del self._unfinished[name]
        said = CompletionOutput(0, "", written, reason)
        found.append(SimpleNamespace(request_id=name, prompt_token_ids=ids, outputs=[said]))

    @torch.inference_mode()
    def _write(self, ids, params):
        draws = torch.Generator()
        if params.seed is not None:
            draws.manual_seed(params.seed)
        written = []
        while len(written) < params.max_tokens:
            logits = self._module(torch.tensor([ids + written])).logits[0, -1].float()
            if params.temperature:
                likely = (logits / params.temperature).softmax(dim=0)
                written.append(int(torch.multinomial(likely, 1, generator=draws)))
            else:
                written.append(int(logits.argmax()))
            if written[-1] in (params.stop_token_ids or ()):
                return written, "stop"
        return written, "length"


def _fail(ids):
    path = Path(__file__).with_name("faults.json")
    faults = json.loads(path.read_text()) if path.is_file() else {}
    for token in map(str, ids):
        if token in faults:
            _FAULTS[faults[token]]()


def _raise(error):
    raise error


_FAULTS = {
    "memory": lambda: _raise(torch.OutOfMemoryError("CUDA out of memory. Tried to allocate …")),
    "raise": lambda: _raise(AssertionError("a bug in the engine")),
    "value": lambda: _raise(ValueError("a bug in the engine")),
    "lost": lambda: _raise(RuntimeError("CUDA error: uncorrectable ECC error encountered")),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
}
