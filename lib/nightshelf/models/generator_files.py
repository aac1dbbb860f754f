"""What a language model's folder says about itself: how much it reads, and where a text ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from nightshelf.errors import SettingsError
from nightshelf.models.encoder_files import EncoderFiles, find_encoder, read_json
from nightshelf.models.generator_choice import VLLM, GeneratorChoice
from nightshelf.settings import PREFIX

#: Each was compared with transformers' own `generate`, token by token, in padded batches.
CAUSAL = (
    *("GPT2LMHeadModel", "GPTNeoXForCausalLM", "LlamaForCausalLM", "MistralForCausalLM"),
    *("Qwen2ForCausalLM", "Qwen3ForCausalLM", "Phi3ForCausalLM", "SmolLM3ForCausalLM"),
    *("GemmaForCausalLM", "Gemma2ForCausalLM", "Gemma3ForCausalLM", "Olmo2ForCausalLM"),
)
SEQ2SEQ = ("T5ForConditionalGeneration", "MT5ForConditionalGeneration")

#: Tokens by which chat models end what they say, whatever their configuration says.
_ENDS = (
    *("<|im_end|>", "<end_of_turn>", "<|eot_id|>", "<|end|>", "<|endoftext|>", "</s>"),
    *("<|end_of_text|>", "<eos>"),
)
#: T5 has no positions; it was trained on so many tokens.
_SEQ2SEQ_POSITIONS = 512


@dataclass(frozen=True)
class GeneratorFiles:
    """Beside the weights: what decoding needs to know. Raises `SettingsError` as it is made."""

    files: EncoderFiles

    @property
    def is_seq2seq(self) -> bool:
        return self.files.architecture in SEQ2SEQ

    @property
    def positions(self) -> int:
        """Tokens that it can hold: prompt and text together, of a seq2seq model the prompt."""
        for name in ("max_position_embeddings", "n_positions"):
            if found := self.files.config.get(name):
                return int(found)
        return _SEQ2SEQ_POSITIONS if self.is_seq2seq else 1024

    @property
    def shares_prefix(self) -> bool:
        """
        Whether what all prompts begin with is computed once for all.

        An encoder reads both ways, so that what comes later changes it. A sliding window counts
        the places of a batch, padding included, so that nothing may lie between prefix and text.
        """
        return not self.is_seq2seq and not self._slides

    @property
    def _slides(self) -> bool:
        config = self.files.config
        window = config.get("sliding_window")
        if window is None or config.get("use_sliding_window") is False:
            return False
        return int(window) < self.positions

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """`generation_config.json`, of which only ids of special tokens are read."""
        return self._optional("generation_config.json")

    @cached_property
    def tokenizer_config(self) -> Mapping[str, Any]:
        return self._optional("tokenizer_config.json")

    @property
    def start(self) -> int:
        """The token before the first one that a seq2seq model writes."""
        for config in (self.settings, self.files.config):
            if (found := config.get("decoder_start_token_id")) is not None:
                return int(found)
        return int(self.files.config.get("pad_token_id") or 0)

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """Tokens that end a text, in order."""
        named = self.settings.get("eos_token_id", self.files.config.get("eos_token_id"))
        ids = {named} if isinstance(named, int) else set(named or ())
        added = read_json(self.files.tokenizer).get("added_tokens") or ()
        known = {str(token["content"]): int(token["id"]) for token in added}
        wanted = {*_ENDS, special_token(self.tokenizer_config, "eos_token")}
        return tuple(sorted(ids | {known[text] for text in wanted if text in known}))

    @property
    def template(self) -> str:
        """The chat template; empty where the tokenizer has none."""
        path = self.files.folder / "chat_template.jinja"
        if path.is_file():
            return path.read_text("utf-8")
        found = self.tokenizer_config.get("chat_template") or ""
        if isinstance(found, list):
            named = {str(one["name"]): one["template"] for one in found}
            found = named.get("default", "")
        return str(found)

    def _optional(self, name: str) -> Mapping[str, Any]:
        path: Path = self.files.folder / name
        found: Mapping[str, Any] = read_json(path) if path.is_file() else {}
        return found


def special_token(config: Mapping[str, Any], name: str) -> str:
    """
    >>> special_token({"eos_token": {"content": "</s>", "lstrip": False}}, "eos_token")
    '</s>'
    """
    found = config.get(name) or ""
    return str(found["content"] if isinstance(found, dict) else found)


def find_generator(choice: GeneratorChoice) -> GeneratorFiles:
    """Raise `SettingsError` for a folder that holds no language model we can write with."""
    place = choice.generator
    found = GeneratorFiles(find_encoder(place, standard=(*CAUSAL, *SEQ2SEQ)))
    architecture = found.files.architecture
    if architecture not in (*CAUSAL, *SEQ2SEQ):
        raise SettingsError(
            f"{PREFIX}GENERATOR={place} is {architecture}; use one of {', '.join(CAUSAL)},"
            f" {', '.join(SEQ2SEQ)}, or serve it and use remote"
        )
    if found.is_seq2seq and choice.engine == VLLM:
        raise SettingsError(
            f"{PREFIX}GENERATOR_ENGINE={VLLM}: {place} is {architecture}, which has an encoder, and"
            " vLLM writes with decoder-only models; use torch"
        )
    if not found.ends:
        raise SettingsError(
            f"{PREFIX}GENERATOR={place}: nothing says which token ends a text; name it in"
            " generation_config.json: eos_token_id"
        )
    return found
