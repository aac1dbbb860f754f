"""Arrays to a device and back, beside what it computes meanwhile."""

from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

CPU = torch.device("cpu")


class Transfer(Protocol):
    """The way to one device."""

    @property
    def device(self) -> torch.device:
        """Where `there` puts arrays."""

    def there(self, array: NDArray[np.int64]) -> Tensor:
        """On the device; what is computed with it from now on finds it there."""

    def back(self, tensor: Tensor) -> Callable[[], Tensor]:
        """Begin to fetch it; the result waits for it and gives it on the CPU."""


class NoTransfer:
    """The CPU's: everything is there already."""

    device = CPU

    def there(self, array: NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(array)

    def back(self, tensor: Tensor) -> Callable[[], Tensor]:
        return lambda: tensor


class CudaTransfer:
    """Copies on streams of their own, from and to pinned memory; nothing here waits but `back`."""

    def __init__(self, device: torch.device) -> None:
        self.device = device
        self._to = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        self._from = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]

    def there(self, array: NDArray[np.int64]) -> Tensor:
        computing = torch.cuda.current_stream(self.device)
        with torch.cuda.stream(self._to):
            moved = torch.from_numpy(array).pin_memory().to(self.device, non_blocking=True)
        computing.wait_stream(self._to)
        # Else its memory could be given away while it is still computed with.
        moved.record_stream(computing)
        return moved

    def back(self, tensor: Tensor) -> Callable[[], Tensor]:
        self._from.wait_stream(torch.cuda.current_stream(self.device))
        with torch.cuda.stream(self._from):
            fetched = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=True)
            fetched.copy_(tensor, non_blocking=True)
            done = torch.cuda.Event()  # type: ignore[no-untyped-call]
            done.record()
        tensor.record_stream(self._from)

        def wait() -> Tensor:
            done.synchronize()
            return fetched

        return wait


def transfer_to(device: torch.device) -> Transfer:
    return NoTransfer() if device == CPU else CudaTransfer(device)
