"""From an encoder and labelled texts to a classifier, by way of the shop's own words if wanted."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional
from transformers import AutoTokenizer

from nightshelf.errors import ModelError
from nightshelf.models.encoder_files import EncoderFiles
from nightshelf.training.finetune.base_model import (
    freeze,
    open_classifier_base,
    open_masked_base,
    quiet,
    tokens_of,
)
from nightshelf.training.finetune.dataset import Masking, Padding, Rows
from nightshelf.training.finetune.disk import in_words
from nightshelf.training.finetune.fit import Course, Fitted, fit
from nightshelf.training.finetune.recipe import Recipe
from nightshelf.training.prepare.cleaning import Example

Say = Callable[[str], None]


def pretrain(  # noqa: PLR0913  what a training is made of
    files: EncoderFiles,
    texts: Sequence[str],
    recipe: Recipe,
    work: Path,
    *,
    minutes: float,
    say: Say,
) -> tuple[EncoderFiles, Fitted]:
    """
    Let the encoder guess masked words of the shop's own texts; the encoder it became.

    Raise `ModelError` where its tokenizer has no mask, and as `fit` does.
    """
    with quiet():
        tokenizer = AutoTokenizer.from_pretrained(files.folder, local_files_only=True)
    if tokenizer.mask_token_id is None:
        raise ModelError(
            f"{files.folder}: its tokenizer has no mask token, so no word can be hidden for the"
            " model to guess; leave --pretrain out, or begin from an encoder that has one"
        )
    module = open_masked_base(files, recipe.seed)
    masking = Masking(
        pad=_pad(files),
        mask=tokenizer.mask_token_id,
        vocabulary=len(tokenizer),
        special=frozenset(tokenizer.all_special_ids),
        share=recipe.masked,
    )
    tokens, _ = tokens_of(files, texts, recipe.max_tokens)
    course = _course(recipe, recipe.pretrain_epochs, recipe.pretrain_rate, minutes)
    fitted = fit(module, Rows(tokens), masking, course, work, say)
    into = work / "encoder"
    with quiet(), in_words(into):
        module.save_pretrained(into)
    return EncoderFiles(into, files.config, (into / "model.safetensors",), files.pooling), fitted


def fine_tune(  # noqa: PLR0913  what a training is made of
    files: EncoderFiles,
    examples: Sequence[Example],
    labels: Sequence[str],
    recipe: Recipe,
    work: Path,
    *,
    weights: EncoderFiles | None = None,
    minutes: float,
    say: Say,
) -> tuple[Any, Fitted, int]:
    """
    The classifier, not calibrated yet; how it went; how many texts were cut.

    `weights` are those of an encoder with the same tokenizer, if it was trained before.
    """
    module = open_classifier_base(weights or files, labels, recipe.seed)
    freeze(module, recipe.frozen_layers)
    tokens, cut = tokens_of(files, [example.text for example in examples], recipe.max_tokens)
    known = [example.label for example in examples]
    rows = Rows(tokens, known)
    weigh = class_weights(known, len(labels), recipe.balance)

    def loss(outputs: Any, given: torch.Tensor, **_: object) -> torch.Tensor:  # noqa: ANN401
        return functional.cross_entropy(
            outputs.logits.float(), given, weight=weigh.to(given.device)
        )

    course = _course(recipe, recipe.epochs, recipe.rate, minutes)
    fitted = fit(module, rows, Padding(_pad(files)), course, work, say, loss=loss)
    return module.eval().cpu(), fitted, cut


def class_weights(labels: Sequence[int], classes: int, balance: float) -> torch.Tensor:
    """
    Weights (classes,) with mean 1.

    >>> class_weights([0, 0, 0, 1], 2, 1.0).tolist()
    [0.5, 1.5]
    """
    counts = torch.bincount(torch.tensor(labels), minlength=classes).clamp(min=1).float()
    weights = (len(labels) / counts) ** balance
    return weights / weights.mean()


def _pad(files: EncoderFiles) -> int:
    return int(files.config.get("pad_token_id") or 0)


def _course(recipe: Recipe, epochs: float, rate: float, minutes: float) -> Course:
    return Course(
        epochs=epochs,
        rate=rate,
        rows_a_step=recipe.rows_a_step,
        weight_decay=recipe.weight_decay,
        warmup=recipe.warmup,
        seed=recipe.seed,
        precision=recipe.precision,
        minutes=minutes,
    )
