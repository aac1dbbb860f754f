"""One training with transformers' `Trainer`: bounded in time, and resumed where it was cut off."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback, TrainingArguments

from nightshelf.errors import ModelError
from nightshelf.models.precision import BF16
from nightshelf.training.finetune.base_model import quiet
from nightshelf.training.finetune.checkpoints import newest_whole
from nightshelf.training.finetune.dataset import Padding, Rows
from nightshelf.training.finetune.disk import in_words
from nightshelf.training.finetune.pacing import Paced, Watch

#: Checkpoints of one training; two are kept, so that one may be cut short.
_CHECKPOINTS = 10

Loss = Callable[..., torch.Tensor]


@dataclass(frozen=True, kw_only=True)
class Course:
    """How a training goes; `minutes` bound it (0: no bound), each time it is begun or resumed."""

    epochs: float
    rate: float
    rows_a_step: int
    weight_decay: float
    warmup: float
    seed: int
    precision: str
    minutes: float = 0.0


@dataclass(frozen=True)
class Fitted:
    """`loss`: the mean over all steps since it was begun or resumed; `seconds` likewise."""

    steps: int
    planned_steps: int
    loss: float
    seconds: float


def fit(  # noqa: PLR0913  what a training is made of
    module: Any,  # noqa: ANN401  a class that transformers chooses
    rows: Rows,
    batches: Padding,
    course: Course,
    work: Path,
    say: Callable[[str], None],
    *,
    loss: Loss | None = None,
) -> Fitted:
    """
    Train `module` in place; checkpoints go to `work`, and a whole one there is gone on from.

    Raise `JobError` where the disk is full or memory runs out, `ModelError` where the loss is no
    number.
    """
    watch = Watch(course.minutes * 60, say)
    with quiet(), in_words(work):
        trainer = Paced(
            model=module,
            args=_arguments(course, len(rows), work),
            train_dataset=rows,
            data_collator=batches,
            compute_loss_func=loss,
            callbacks=[watch],
        )
        trainer.watch = watch
        trainer.remove_callback(PrinterCallback)
        before = newest_whole(work, say)
        if before is not None:
            say(f"going on from {before.name}")
        done = trainer.train(resume_from_checkpoint=str(before) if before else None)
    if not torch.isfinite(torch.tensor(done.training_loss)):
        raise ModelError("the loss is no number any more: train at a smaller --rate")
    return Fitted(done.global_step, watch.planned, float(done.training_loss), watch.seconds)


def _arguments(course: Course, rows: int, work: Path) -> TrainingArguments:
    steps = max(1, round(course.epochs * -(-rows // course.rows_a_step)))
    return TrainingArguments(
        output_dir=str(work),
        num_train_epochs=course.epochs,
        per_device_train_batch_size=course.rows_a_step,
        learning_rate=course.rate,
        weight_decay=course.weight_decay,
        warmup_steps=course.warmup,
        bf16=course.precision == BF16,
        use_cpu=not torch.cuda.is_available(),
        seed=course.seed,
        data_seed=course.seed,
        save_strategy="steps",
        save_steps=max(1, -(-steps // _CHECKPOINTS)),
        save_total_limit=2,
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
        remove_unused_columns=False,
    )
