"""The whole way from prepared reviews to a model folder that a night can use."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nightshelf.models.encoder_files import EncoderFiles
from nightshelf.models.model_card import licence_of
from nightshelf.training.answering import Answering, classifier_at
from nightshelf.training.compared_texts import ABOUT
from nightshelf.training.finetune import artefact
from nightshelf.training.finetune.base_model import find_base, quiet
from nightshelf.training.finetune.calibration import fold_in, temperature
from nightshelf.training.finetune.card import card
from nightshelf.training.finetune.checkpoints import begin_or_go_on
from nightshelf.training.finetune.disk import in_words
from nightshelf.training.finetune.fit import Fitted
from nightshelf.training.finetune.made_from import code_version, libraries
from nightshelf.training.finetune.recipe import Recipe
from nightshelf.training.finetune.tuning import fine_tune, pretrain
from nightshelf.training.measuring import Measured, measure
from nightshelf.training.prepare.prepared import Prepared
from nightshelf.training.prepare.split import TRAIN, VALIDATION

Say = Callable[[str], None]
TASK = "sentiment"


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to train and where to; `files`: SHA-256 of the data's files by name."""

    recipe: Recipe
    out: Path
    files: Mapping[str, str]
    pretrain_texts: Sequence[str] = ()
    minutes: float = 0.0

    @property
    def work(self) -> Path:
        """Checkpoints lie here while the training goes on."""
        return self.out.with_name(f"{self.out.name}.training")


def train(prepared: Prepared, order: Order, say: Say) -> Measured:
    """
    Fine-tune, calibrate, measure and write `order.out`; the scores of what lies there.

    Begun again after it was cut off, it goes on from its last checkpoint. Raise `SettingsError`,
    `ModelError` or `JobError`; whatever lay at `order.out` is untouched then.
    """
    artefact.must_be_free(order.out)
    base = find_base(order.recipe.base, order.recipe.max_tokens)
    with in_words(order.work):
        begin_or_go_on(order.work, order.recipe.identity(prepared.sha256), say)
    module, told = _tuned(base, prepared, order, say)
    with artefact.published(order.out) as folder:
        _save(module, base, folder)
        told["temperature"] = _calibrated(module, prepared, folder, order.recipe.max_tokens)
        say(f"temperature {told['temperature']:.3f}; measuring")
        _save(module, base, folder)
        found = measure(_answering(folder, order.recipe.max_tokens), prepared)
        about = _about(prepared, order, base, told) | artefact.weights_of(folder)
        said = json.dumps(about | found.as_json, indent=1, sort_keys=True)
        (folder / ABOUT).write_text(said + "\n", "utf-8")
        (folder / "README.md").write_text(card(about, prepared, found, order.out), "utf-8")
    shutil.rmtree(order.work, ignore_errors=True)
    return found


def _tuned(
    base: EncoderFiles, prepared: Prepared, order: Order, say: Say
) -> tuple[Any, dict[str, Any]]:
    """The classifier, and what is told of its training."""
    told: dict[str, Any] = {}
    weights = None
    if order.pretrain_texts:
        say(f"guessing masked words of {len(order.pretrain_texts):,} texts")
        into, texts = order.work / "pretraining", order.pretrain_texts
        weights, fitted = pretrain(base, texts, order.recipe, into, minutes=order.minutes, say=say)
        told |= {"pretraining_texts": len(texts)} | _told("pretraining", fitted)
    say(f"fine-tuning on {len(prepared.parts[TRAIN]):,} texts")
    module, fitted, cut = fine_tune(
        base,
        prepared.parts[TRAIN],
        prepared.labels,
        order.recipe,
        order.work / "tuning",
        weights=weights,
        minutes=order.minutes,
        say=say,
    )
    if cut:
        say(f"{cut:,} texts are longer than {order.recipe.max_tokens} tokens and were cut")
    return module, told | _told("tuning", fitted) | {"texts_cut": cut}


def _told(step: str, fitted: Fitted) -> dict[str, Any]:
    return {
        f"{step}_steps": f"{fitted.steps} of {fitted.planned_steps}",
        f"{step}_seconds": round(fitted.seconds),
    }


def _save(module: Any, base: EncoderFiles, folder: Path) -> None:  # noqa: ANN401
    with quiet():
        module.save_pretrained(folder)
    artefact.take_tokenizer(base, folder)


def _answering(folder: Path, max_tokens: int) -> Answering:
    return Answering(classifier_at(f"folder:{folder}", max_tokens))


def _calibrated(module: Any, prepared: Prepared, folder: Path, max_tokens: int) -> float:  # noqa: ANN401
    examples = prepared.parts[VALIDATION]
    likely = _answering(folder, max_tokens).probabilities([one.text for one in examples])
    heat = temperature(np.array([example.label for example in examples]), likely)
    fold_in(module, heat)
    module.config.temperature_folded_in = heat
    return heat


def _about(
    prepared: Prepared, order: Order, base: EncoderFiles, told: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "task": TASK,
        "labels": prepared.labels,
        "licence": licence_of(base),
        "made_from": {
            "base": order.recipe.base,
            "base_sha256": base.weights_sha256(),
            "data_sha256": prepared.sha256,
            **order.files,
            "code": code_version(),
            **libraries(),
        },
        "recipe": asdict(order.recipe),
        "training": dict(told),
        "rows": prepared.rows,
        "split": prepared.split,
        "left_out": dict(prepared.left_out),
        "changed": dict(prepared.changed),
    }
