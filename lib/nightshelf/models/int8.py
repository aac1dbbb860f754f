"""BERT on torch's own int8 kernels: a scale a weight's channel, one a token."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from nightshelf.errors import SettingsError
from nightshelf.models.bert import Bert

#: The only one of torch's engines whose kernels take a range from us instead of the batch's own.
ENGINE = "fbgemm"
#: Without VNNI these kernels add two products in 16 bits. Activations go to 255, so two neighbours
#: of a weight's row may come to 128 together: rounding can add a half to each.
_PAIR = 127
_LEVELS = 255
#: Widths are whole multiples of it, in tokens.
_STEP = 4
_TINY = 1e-12


class Int8Linear:
    """
    What `functional.linear` computes, on integers of 8 bits.

    Each token is spread over 0 to 255 by its own smallest and largest number. So what becomes of a
    token does not depend on others in its batch, as one range for all of them would have it.
    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        """`weight` (out, in) and `bias` (out), float32 on the CPU."""
        self._bias = bias
        scales = (_pairs(weight).amax(dim=1) / _PAIR).clamp(min=_TINY)
        with _packing():
            quantized = torch.quantize_per_channel(
                weight, scales, torch.zeros(len(scales), dtype=torch.long), 0, torch.qint8
            )
            self._packed = torch.ops.quantized.linear_prepack(quantized, None)
        # Of the integers, since it has to undo what they add.
        self._sums = quantized.dequantize().sum(dim=1)

    def __call__(self, hidden: Tensor) -> Tensor:
        """
        (…, in) to (…, out).

        With x = low + range * u and u between 0 and 1, W x is range * W u and low * (sums of W).
        """
        low = hidden.amin(dim=-1, keepdim=True)
        # A token of nothing but zeros, or of one number, has no range.
        extent = (hidden.amax(dim=-1, keepdim=True) - low).clamp_(min=_TINY)
        spread = (hidden - low).mul_(extent.reciprocal())
        product: Tensor = torch.ops.quantized.linear_with_input_q_dq_qweight_dq_output_fp32(
            spread, 1 / _LEVELS, 0, self._packed
        )
        return torch.addcmul(self._bias, product, extent, out=product).addcmul_(low, self._sums)


class Int8Bert:
    """
    The hidden states of BERT's last layer; the same for a text in whatever batch it is.

    Other padding is another order of sums in attention. In fp32 that is noise; rounding to 8 bits
    makes up to 0.002 of a cosine of it. So a text is computed at a width that is its own.
    """

    def __init__(self, config: Mapping[str, Any], weights: Mapping[str, Tensor]) -> None:
        self._bert = Bert(config, weights, torch.float32, Int8Linear)
        self.width = self._bert.width
        self._most = int(config.get("max_position_embeddings", 512))

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """`ids` and `mask` as `windows.Windows` has them: (rows, tokens, width)."""
        rows, tokens = ids.shape
        mask = ids.new_ones(rows, tokens, dtype=torch.bool) if mask is None else mask
        hidden = torch.zeros(rows, tokens, self.width)
        # In steps, so that the texts of a batch, which are of about one length, stay together.
        widths = (mask.sum(dim=1) + _STEP - 1) // _STEP * _STEP
        missing = -tokens % _STEP
        ids, mask = functional.pad(ids, (0, missing)), functional.pad(mask, (0, missing))
        for width in sorted(set(widths.tolist())):
            own, shown = widths == width, min(width, tokens)
            computed = min(width, self._most)
            seen = mask[own, :computed]
            found = self._bert(ids[own, :computed], None if bool(seen.all()) else seen)
            hidden[own, :shown] = found[:, :shown]
        return hidden


def check_int8(foreign: str | None, device: torch.device) -> None:
    """
    Raise `SettingsError` where there is no int8.

    `foreign` is the architecture of an encoder whose layers are not ours, else None.
    """
    if foreign:
        raise _refused(f"this {foreign} runs through transformers, and int8 is for our own BERT")
    if device.type != "cpu":
        raise _refused(f"this host computes on {device.type}, and the int8 layers are for CPUs")
    if ENGINE not in torch.backends.quantized.supported_engines:
        raise _refused(f"torch has no {ENGINE} kernels on this machine; they need an x86 CPU")


def _refused(why: str) -> SettingsError:
    return SettingsError(f"NIGHTSHELF_PRECISION=int8: {why}; use fp32 or bf16")


def _pairs(weight: Tensor) -> Tensor:
    """What neighbours in a row that the kernel adds come to at most: (out, in / 2)."""
    size = weight.abs()
    if size.shape[1] % 2:
        size = torch.cat([size, size.new_zeros(len(size), 1)], dim=1)
    return size.view(len(size), -1, 2).sum(dim=2)


@contextmanager
def _packing() -> Iterator[None]:
    """The engine counts only while weights are packed; other code finds its own again."""
    before = torch.backends.quantized.engine
    torch.backends.quantized.engine = ENGINE
    try:
        with warnings.catch_warnings():
            # Deprecated as a whole, without anything that takes its place; torch is pinned.
            warnings.filterwarnings("ignore", ".*quantized tensor creation", UserWarning)
            yield
    finally:
        torch.backends.quantized.engine = before
