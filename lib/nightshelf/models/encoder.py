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

    def __init__(self, files: EncoderFiles, network: Network, device: torch.device = CPU) -> None:
        self._pad = int(files.config.get("pad_token_id") or 0)
        self._pooling = files.pooling
        self.width = network.width
        self._network = network
        self._device = device

    def embed(self, batch: TokenRows) -> NDArray[np.float32]:
        """
        Vectors (rows, width); (0, 0) for an empty batch.

        Raises `OutOfMemory` where the batch is too large, and `UnanswerableRow` where one of its
        texts has no vector: its numbers overflow, or it has no token at all.
        """
        if not len(batch):
            return np.empty((0, 0), np.float32)
        lengths = np.array([len(tokens) for tokens in batch])
        width = max(1, int(lengths.max()))
        padded = np.full((len(batch), width), self._pad, np.int64)
        padded[np.arange(width) < lengths[:, None]] = np.concatenate(list(batch))
        with torch.inference_mode(), memory_as_batch_error():
            ids, counts = self._moved(padded), self._moved(lengths)
            mask = torch.arange(width, device=self._device) < counts[:, None]
            pooled = self._pooled(self._network(ids, mask).float(), mask)
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

    def _pooled(self, hidden: Tensor, mask: Tensor) -> Tensor:
        if self._pooling == "cls":
            return hidden[:, 0]
        seen = mask[:, :, None]
        return hidden.masked_fill(~seen, 0).sum(dim=1) / seen.sum(dim=1)


def open_encoder(choice: ModelChoice, device: str = "cpu") -> Encoder:
    """Raise `SettingsError` or `ModelError` for an encoder that cannot be loaded as chosen."""
    files = find_encoder(choice.encoder)
    place = torch.device(device)
    return Encoder(files, _network(files, DTYPES[choice.precision], place), place)


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
