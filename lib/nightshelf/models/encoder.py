"""Turn tokens into vectors: pad, encode, pool, normalise."""

from collections.abc import Callable
from functools import partial
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from nightshelf.errors import ModelError, UnanswerableRow
from nightshelf.models.bert import Bert, is_ours
from nightshelf.models.choice import ModelChoice
from nightshelf.models.device_errors import as_batch_errors, check_gpu, while_loading
from nightshelf.models.encoder_files import EncoderFiles, find_encoder
from nightshelf.models.int8 import Int8Bert, check_int8
from nightshelf.models.precision import INT8
from nightshelf.models.transfer import CPU, transfer_to
from nightshelf.models.transformer import Transformer
from nightshelf.models.windows import TokenRows, padded_windows

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


class Network(Protocol):
    width: int

    def __call__(self, ids: Tensor, mask: Tensor | None) -> Tensor:
        """
        `ids` (rows, tokens) and `mask`, true where a token is one; None: all of them are.

        An encoder gives (rows, tokens, width), a classifier (rows, width).
        """


class Encoder:
    """One vector of unit norm a text, float32."""

    def __init__(
        self,
        files: EncoderFiles,
        network: Network,
        device: torch.device = CPU,
        window: int | None = None,
    ) -> None:
        """A text of more than `window` tokens is encoded in windows of that length."""
        self._pad = int(files.config.get("pad_token_id") or 0)
        self._pooling = files.pooling
        self.width = network.width
        self._network = network
        self._transfer = transfer_to(device)
        self._window = window

    def embed(self, batch: TokenRows) -> NDArray[np.float32]:
        """
        Vectors (rows, width); (0, 0) for an empty batch.

        Raises `OutOfMemory` where the batch is too large, and `UnanswerableRow` where one of its
        texts has no vector: its numbers overflow, or it has no token at all.
        """
        return self.begin(batch)()

    def begin(self, batch: TokenRows) -> Callable[[], NDArray[np.float32]]:
        """
        The same in two parts: a GPU computes from now on, and the result waits for it.

        Each part raises what `embed` raises.
        """
        if not len(batch):
            return lambda: np.empty((0, 0), np.float32)
        with torch.inference_mode(), as_batch_errors():
            ids, mask, owners = padded_windows(batch, self._window, self._pad, self._transfer)
            sums, weights = self._summed(self._network(ids, mask).float(), mask)
            if len(ids) > len(batch):
                empty = sums.new_zeros(len(batch), sums.shape[1])
                sums = empty.index_add(0, owners, sums)
                weights = empty[:, :1].index_add(0, owners, weights)
            pooled = sums / weights
            vectors = self._transfer.back(pooled / pooled.norm(dim=1, keepdim=True))
        return partial(_checked, vectors)

    def _summed(self, hidden: Tensor, mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """Per part a sum of vectors (parts, width) and of how many (parts, 1)."""
        rows, tokens, _ = hidden.shape
        if self._pooling == "cls":
            return hidden[:, 0], hidden.new_ones(rows, 1)
        if mask is None:
            return hidden.sum(dim=1), hidden.new_full((rows, 1), tokens)
        seen = mask[:, :, None]
        return hidden.masked_fill(~seen, 0).sum(dim=1), seen.sum(dim=1).float()


def _checked(vectors: Callable[[], Tensor]) -> NDArray[np.float32]:
    with as_batch_errors():
        fetched = vectors()
    if not bool(fetched.isfinite().all()):
        raise UnanswerableRow
    found: NDArray[np.float32] = fetched.numpy()
    return found


def open_encoder(choice: ModelChoice, device: str = "cpu") -> Encoder:
    """
    Raise `SettingsError` or `ModelError` for an encoder that cannot be loaded as chosen, and
    `HostLost` for a device that cannot take it.
    """
    files = find_encoder(choice.encoder)
    place = torch.device(device)
    if place != CPU:
        check_gpu()
    with while_loading(choice.encoder):
        network = _network(files, choice.precision, place)
    return Encoder(files, network, place, window=choice.max_tokens)


def _network(files: EncoderFiles, precision: str, device: torch.device) -> Network:
    ours = is_ours(files.config)
    if precision == INT8:
        check_int8(None if ours else files.architecture, device)
    if not ours:
        return Transformer(files, DTYPES[precision], device)
    weights = load_weights(files, device)
    if precision == INT8:
        return Int8Bert(files.config, weights)
    return Bert(files.config, weights, DTYPES[precision])


def load_weights(files: EncoderFiles, device: torch.device) -> dict[str, Tensor]:
    """By their names in the checkpoint; raise `ModelError` where a file is broken."""
    weights: dict[str, Tensor] = {}
    for path in files.weights:
        try:
            weights |= load_file(path, device=str(device))
        except SafetensorError as error:
            raise ModelError(f"{path}: not readable as safetensors: {error}") from error
    return weights
