"""Turn tokens into vectors: pad, encode, pool, normalise."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from nightshelf.engine.tokens import Ids, Tokens
from nightshelf.errors import HostLost, ModelError, OutOfMemory, UnanswerableRow
from nightshelf.models.bert import Bert, is_ours
from nightshelf.models.choice import ModelChoice
from nightshelf.models.encoder_files import EncoderFiles, find_encoder
from nightshelf.models.transformer import Transformer

CPU = torch.device("cpu")
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}

#: A batch: ids of each text, as `Tokens` or as lists.
TokenRows = Sequence[Sequence[int] | Ids] | Tokens


class Network(Protocol):
    width: int

    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """`ids` (rows, tokens) and `mask`, true where a token is one: (rows, tokens, width)."""


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
        self._device = device
        self._window = window

    def embed(self, batch: TokenRows) -> NDArray[np.float32]:
        """
        Vectors (rows, width); (0, 0) for an empty batch.

        Raises `OutOfMemory` where the batch is too large, and `UnanswerableRow` where one of its
        texts has no vector: its numbers overflow, or it has no token at all.
        """
        if not len(batch):
            return np.empty((0, 0), np.float32)
        windows, owners = self._windows(batch)
        lengths = np.array([len(tokens) for tokens in windows])
        width = max(1, int(lengths.max()))
        padded = np.full((len(windows), width), self._pad, np.int64)
        padded[np.arange(width) < lengths[:, None]] = np.concatenate(windows)
        with torch.inference_mode(), memory_as_batch_error():
            ids, counts, owner = map(self._moved, (padded, lengths, np.array(owners)))
            mask = torch.arange(width, device=self._device) < counts[:, None]
            sums, weights = self._summed(self._network(ids, mask).float(), mask)
            if len(windows) > len(batch):
                empty = sums.new_zeros(len(batch), sums.shape[1])
                sums = empty.index_add(0, owner, sums)
                weights = empty[:, :1].index_add(0, owner, weights)
            pooled = sums / weights
            vectors = (pooled / pooled.norm(dim=1, keepdim=True)).cpu()
        if not bool(vectors.isfinite().all()):
            raise UnanswerableRow
        found: NDArray[np.float32] = vectors.numpy()
        return found

    def _moved(self, array: NDArray[np.int64]) -> Tensor:
        tensor = torch.from_numpy(array)
        if self._device == CPU:
            return tensor
        # From pinned memory the copy runs beside what the device still computes.
        return tensor.pin_memory().to(self._device, non_blocking=True)

    def _windows(self, batch: TokenRows) -> tuple[list[Sequence[int] | Ids], list[int]]:
        """The rows, long ones in parts, and to which row each part belongs."""
        parts: list[Sequence[int] | Ids] = []
        owners = []
        for row, tokens in enumerate(batch):
            step = self._window or max(1, len(tokens))
            for start in range(0, max(1, len(tokens)), step):
                parts.append(tokens[start : start + step])
                owners.append(row)
        return parts, owners

    def _summed(self, hidden: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Per part a sum of vectors (parts, width) and of how many (parts, 1)."""
        if self._pooling == "cls":
            return hidden[:, 0], hidden.new_ones(len(hidden), 1)
        seen = mask[:, :, None]
        return hidden.masked_fill(~seen, 0).sum(dim=1), seen.sum(dim=1).float()


def open_encoder(choice: ModelChoice, device: str = "cpu") -> Encoder:
    """Raise `SettingsError` or `ModelError` for an encoder that cannot be loaded as chosen."""
    files = find_encoder(choice.encoder)
    place = torch.device(device)
    network = _network(files, DTYPES[choice.precision], place)
    return Encoder(files, network, place, window=choice.max_tokens)


def _network(files: EncoderFiles, dtype: torch.dtype, device: torch.device) -> Network:
    if not is_ours(files.config):
        return Transformer(files, dtype, device)
    weights: dict[str, Tensor] = {}
    for path in files.weights:
        try:
            weights |= load_file(path, device=str(device))
        except SafetensorError as error:
            raise ModelError(f"{path}: not readable as safetensors: {error}") from error
    return Bert(files.config, weights, dtype)


@contextmanager
def memory_as_batch_error() -> Iterator[None]:
    """Let memory that ran out be known as such, and every other error pass as it is."""
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError):
        raise OutOfMemory from None
    except RuntimeError as error:
        if "CUDA error" in str(error):
            raise HostLost(f"the GPU is gone or broken: {str(error).splitlines()[0]}") from None
        # torch has no type of its own for this on the CPU.
        if "DefaultCPUAllocator" in str(error) or "not enough memory" in str(error):
            raise OutOfMemory from None
        raise
