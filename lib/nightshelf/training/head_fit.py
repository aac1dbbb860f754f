"""Fit the sentiment head: one hidden layer on embeddings."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from nightshelf.models.sentiment_head import LABELS

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """
    How to fit: hidden units, dropout on them, strength of weight decay, passes over the data.

    A class weighs its frequency to the power of -`balance`: 0 as they come, 1 all alike.
    """

    hidden: int = 64
    dropout: float = 0.5
    weight_decay: float = 0.05
    epochs: int = 30
    balance: float = 0.5
    seed: int = 1

    rate: float = 2e-3
    rows_a_step: int = 256


def fit_head(embeddings: Floats, labels: NDArray[np.int64], recipe: Recipe) -> dict[str, Floats]:
    """Tensors of a `SentimentHead`, from `embeddings` (rows, width) and `labels` (rows,)."""
    torch.manual_seed(recipe.seed)
    inputs, targets = torch.from_numpy(embeddings), torch.from_numpy(labels)
    first = torch.nn.Linear(inputs.shape[1], recipe.hidden)
    second = torch.nn.Linear(recipe.hidden, len(LABELS))
    parameters = [*first.parameters(), *second.parameters()]
    steps = recipe.epochs * -(-len(targets) // recipe.rows_a_step)
    optimizer = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    weights = _class_weights(targets, recipe.balance)
    for _ in range(recipe.epochs):
        for rows in torch.split(torch.randperm(len(targets)), recipe.rows_a_step):
            hidden = functional.dropout(first(inputs[rows]).relu(), recipe.dropout)
            loss = functional.cross_entropy(second(hidden), targets[rows], weight=weights)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
    # As `SentimentHead` multiplies: from the right.
    return {
        "hidden_weight": _plain(first.weight.T),
        "hidden_bias": _plain(first.bias),
        "output_weight": _plain(second.weight.T),
        "output_bias": _plain(second.bias),
    }


def _class_weights(targets: torch.Tensor, balance: float) -> torch.Tensor:
    counts = torch.bincount(targets, minlength=len(LABELS)).clamp(min=1).float()
    weights = (len(targets) / counts) ** balance
    return weights / weights.mean()


def _plain(tensor: torch.Tensor) -> Floats:
    array: Floats = tensor.detach().contiguous().numpy().copy()
    return array
