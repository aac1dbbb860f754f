"""Open an encoder to train it: its weights under a new head, its tokenizer as a night has it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
import transformers
from safetensors import SafetensorError
from tokenizers import Tokenizer
from torch import nn
from transformers.utils import logging as transformers_logging

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import ModelError, SettingsError
from nightshelf.models.encoder_files import EncoderFiles, find_encoder
from nightshelf.models.reader import TokenReader

#: Parts of a checkpoint that a new head replaces, so that they may be missing.
_HEADS = ("pooler.", "classifier", "pre_classifier", "cls.", "lm_head", "score", "vocab_")


def find_base(place: str, max_tokens: int) -> EncoderFiles:
    """
    The files of the encoder to begin from, an artefact of an earlier training among them.

    Raise `SettingsError` for a folder without tokenizer, safetensors or enough positions.
    """
    files = find_encoder(place)
    if max_tokens > files.max_positions:
        raise SettingsError(
            f"--max-tokens {max_tokens}: {place} reads at most {files.max_positions} tokens"
        )
    return files


def open_classifier_base(files: EncoderFiles, labels: Sequence[str], seed: int) -> Any:  # noqa: ANN401
    """
    transformers' `…ForSequenceClassification` with these weights, and a new head from `seed`.

    A head for as many labels that the folder has already goes on being trained. Raise
    `ModelError` where the weights cannot be read or some of the encoder's are missing.
    """
    names = dict(enumerate(labels))
    return _opened(
        files,
        "AutoModelForSequenceClassification",
        seed,
        num_labels=len(labels),
        id2label=names,
        label2id={label: place for place, label in names.items()},
        problem_type="single_label_classification",
        ignore_mismatched_sizes=True,
    )


def open_masked_base(files: EncoderFiles, seed: int) -> Any:  # noqa: ANN401
    """transformers' `…ForMaskedLM` with these weights; raises as `open_classifier_base`."""
    return _opened(files, "AutoModelForMaskedLM", seed)


def _opened(files: EncoderFiles, kind: str, seed: int, **options: object) -> Any:  # noqa: ANN401
    torch.manual_seed(seed)
    try:
        with quiet():
            module, loading = getattr(transformers, kind).from_pretrained(
                files.folder,
                dtype=torch.float32,
                local_files_only=True,
                output_loading_info=True,
                trust_remote_code=False,
                use_safetensors=True,
                **options,
            )
    except (OSError, RuntimeError, ValueError, SafetensorError) as error:
        raise ModelError(
            f"{files.folder}: {files.architecture} cannot be trained from it: {error}"
        ) from error
    prefix = f"{module.base_model_prefix}."
    for name in sorted(loading["missing_keys"]):
        if not name.removeprefix(prefix).startswith(_HEADS):
            raise ModelError(
                f"{files.folder}: the weights lack {name}; they are cut short, or of another"
                f" architecture than {files.architecture}"
            )
    return module


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing of transformers' own words and bars: what there is to say we say ourselves."""
    level = transformers_logging.get_verbosity()
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)


def freeze(module: Any, layers: int) -> None:  # noqa: ANN401  a class that transformers chooses
    """Keep the embeddings and the first `layers` layers as they are; none at -1."""
    if layers < 0:
        return
    encoder = module.base_model
    lists = (part for part in encoder.modules() if isinstance(part, nn.ModuleList))
    blocks: list[nn.Module] = list(next(lists, nn.ModuleList()))
    if layers > len(blocks):
        raise SettingsError(f"--frozen-layers {layers}: the encoder has {len(blocks)} layers")
    frozen = [encoder.get_input_embeddings(), *blocks[:layers]]
    frozen += [part for name, part in encoder.named_children() if name == "embeddings"]
    for part in frozen:
        part.requires_grad_(requires_grad=False)


def tokens_of(files: EncoderFiles, texts: Sequence[str], max_tokens: int) -> tuple[Tokens, int]:
    """The texts as a night reads them, and how many of them are longer and were cut."""
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokens = TokenReader(tokenizer, max_tokens).prepare(texts)
    cut = sum(bool(tokenizer.encode(texts[row]).overflowing) for row in _full(tokens, max_tokens))
    return tokens, cut


def _full(tokens: Tokens, max_tokens: int) -> list[int]:
    return [row for row, length in enumerate(tokens.lengths) if length >= max_tokens]
