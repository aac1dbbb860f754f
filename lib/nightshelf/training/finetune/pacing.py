"""How a training spends its time: how long its steps are, how far it is, when it ends."""

from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any

import torch
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import Dataset
from transformers import Trainer, TrainerCallback
from transformers.trainer_pt_utils import LengthGroupedSampler

#: So often is said how far it is.
_SAID = 20


class Watch(TrainerCallback):
    """Says how far it is, and ends the training when its time is over."""

    def __init__(self, limit: float, say: Callable[[str], None]) -> None:
        self._limit, self._say = limit, say
        self.planned = 0
        self.seconds = 0.0
        self._begun = 0.0

    @property
    def share_of_time(self) -> float:
        return self.seconds / self._limit if self._limit else 0.0

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: object) -> None:  # noqa: ANN401
        self._begun, self.planned = perf_counter(), state.max_steps

    def on_step_end(self, args: Any, state: Any, control: Any, **_: object) -> None:  # noqa: ANN401
        self.seconds = perf_counter() - self._begun
        if state.global_step % max(1, self.planned // _SAID) == 0:
            self._say(f"  step {state.global_step:,} of {self.planned:,}, {self.seconds:,.0f} s")
        if self._limit and self.seconds >= self._limit:
            self._say(f"  the time is over at step {state.global_step:,} of {self.planned:,}")
            control.should_training_stop = control.should_save = True


class _EachEpochAnew(LengthGroupedSampler):
    """Batches of texts of like length, in an order that follows from the seed and the epoch."""

    seed = 0
    epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __iter__(self) -> Iterator[int]:
        # Its own way, torch's global state, would be another one where a training was resumed.
        self.generator = torch.Generator().manual_seed(self.seed + self.epoch)
        order: Iterator[int] = super().__iter__()  # type: ignore[no-untyped-call]
        return order


class Paced(Trainer):
    """
    A training whose every step follows from its seed, be it resumed or not.

    Steps grow over the warm-up and shrink to nothing until the steps, or the time, are over.
    """

    watch: Watch

    def _get_train_sampler(self, train_dataset: Dataset[Any] | None = None) -> LengthGroupedSampler:
        rows: Any = self.train_dataset if train_dataset is None else train_dataset
        sampler = _EachEpochAnew(self.args.train_batch_size, rows, rows.lengths)
        sampler.seed = self.args.seed
        return sampler

    def create_scheduler(
        self, num_training_steps: int, optimizer: torch.optim.Optimizer | None = None
    ) -> LambdaLR:
        warm = self.args.warmup_steps

        def share(step: int) -> float:
            done = step / num_training_steps
            if done < warm:
                return done / warm
            return max(0.0, 1 - max(done, self.watch.share_of_time)) / (1 - warm)

        if self.lr_scheduler is None:
            steps: Any = optimizer or self.optimizer
            self.lr_scheduler = LambdaLR(steps, share)
        return self.lr_scheduler
