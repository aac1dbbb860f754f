"""Make probabilities mean what they say: one temperature, put into the last layer's weights."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from nightshelf.errors import ModelError
from nightshelf.training.scores import Labels

_LEAST, _MOST = 0.05, 20.0
_TINY = 1e-30


def temperature(expected: Labels, probabilities: NDArray[np.float32]) -> float:
    """
    What to divide logits by so that the true labels are likeliest, between 0.05 and 20.

    Probabilities (texts, classes) stand for logits, as they differ by a constant only. Texts
    without an answer (NaN) are left out.

    >>> sure = np.array([[0.99, 0.01]] * 100, np.float32)
    >>> found = temperature(np.array([0] * 90 + [1] * 10), sure)
    >>> round(float(at(sure, found)[0, 0]), 3)
    0.9
    """
    answered = ~np.isnan(probabilities).any(axis=1)
    logs = np.log(np.maximum(probabilities[answered], _TINY).astype(np.float64))
    truth = expected[answered]

    def surprise(log_temperature: float) -> float:
        scaled = logs / np.exp(log_temperature)
        peak = scaled.max(axis=1)
        total = peak + np.log(np.exp(scaled - peak[:, None]).sum(axis=1))
        return float(np.mean(total - scaled[np.arange(len(truth)), truth]))

    bounds = (np.log(_LEAST), np.log(_MOST))
    return float(np.exp(minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def at(probabilities: NDArray[np.float32], heat: float) -> NDArray[np.float64]:
    """The probabilities at another temperature."""
    powers = np.maximum(probabilities, _TINY).astype(np.float64) ** (1 / heat)
    shares: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
    return shares


def fold_in(module: Any, heat: float) -> None:  # noqa: ANN401  a class that transformers chooses
    """
    Divide the classifier's last linear layer by the temperature.

    Whoever loads the folder then gets calibrated probabilities, and needs to know nothing. Raise
    `ModelError` where there is no such layer.
    """
    encoder = {id(part) for part in module.base_model.modules()}
    heads = [
        part
        for part in module.modules()
        if isinstance(part, torch.nn.Linear)
        and id(part) not in encoder
        and part.out_features == module.config.num_labels
    ]
    if not heads:
        raise ModelError(
            f"{type(module).__name__} has no linear layer to put a temperature into; use another"
            " encoder"
        )
    with torch.no_grad():
        for own in heads[-1].parameters():
            own.div_(heat)
