"""Everything that decides what comes out of a training, beside the data and the code."""

import hashlib
import json
from dataclasses import asdict, dataclass

from nightshelf.errors import SettingsError
from nightshelf.models.precision import BF16, FP32


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """
    How to fine-tune; raises `SettingsError` for a value that cannot be.

    A class weighs its frequency to the power of -`balance`: 0 as they come, 1 all alike.
    `frozen_layers` of the encoder, and its embeddings, stay as they are; at -1 all is trained.
    `precision` is that of the training; what comes out is fp32.
    """

    base: str
    epochs: float = 2.0
    rate: float = 1e-4
    rows_a_step: int = 32
    weight_decay: float = 0.01
    warmup: float = 0.1
    balance: float = 0.25
    frozen_layers: int = 0
    max_tokens: int = 256
    seed: int = 1
    precision: str = FP32
    pretrain_epochs: float = 1.0
    pretrain_rate: float = 1e-4
    masked: float = 0.15

    def __post_init__(self) -> None:
        checks = (
            (self.epochs > 0, "epochs", "more than 0"),
            (self.pretrain_epochs > 0, "pretrain_epochs", "more than 0"),
            (0 < self.rate < 1 and 0 < self.pretrain_rate < 1, "rate", "between 0 and 1"),
            (self.rows_a_step >= 1, "rows_a_step", "1 or more"),
            (0 <= self.weight_decay < 1, "weight_decay", "between 0 and 1"),
            (0 <= self.warmup < 1, "warmup", "between 0 and 1"),
            (0 <= self.balance <= 1, "balance", "between 0 and 1"),
            (self.frozen_layers >= -1, "frozen_layers", "-1 or more"),
            (self.max_tokens >= 4, "max_tokens", "4 or more"),
            (self.seed >= 0, "seed", "0 or more"),
            (0 < self.masked < 1, "masked", "between 0 and 1"),
            (self.precision in (FP32, BF16), "precision", f"{FP32} or {BF16}"),
        )
        for holds, name, must in checks:
            if not holds:
                raise SettingsError(f"{name} = {getattr(self, name)}: it has to be {must}")

    def identity(self, data_sha256: str) -> str:
        """The same for two trainings that would go the same way, so that one can go on."""
        made_of = json.dumps([asdict(self), data_sha256], sort_keys=True)
        return hashlib.sha256(made_of.encode()).hexdigest()[:16]
