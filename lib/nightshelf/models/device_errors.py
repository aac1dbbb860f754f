"""What torch raises when memory or a device fails, as the errors that the engine knows."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from nightshelf.errors import HostKilled, HostLost, OutOfMemory

#: torch has a type of its own for some of these only.
_OUT_OF_MEMORY = (
    "out of memory",
    "not enough memory",
    "DefaultCPUAllocator",
    "CUBLAS_STATUS_ALLOC_FAILED",
    "ALLOCATION_FAILED",  # the end of cuDNN's names for it
)
#: A text can do this, by a token that the weights do not know; no kernel runs here after it.
_BY_A_TEXT = "device-side assert triggered"
_DEVICE = ("CUDA", "cudaGetDeviceCount", "cuDNN", "CUBLAS", "NVML", "NVIDIA")


@contextmanager
def as_batch_errors() -> Iterator[None]:
    """
    Raise `OutOfMemory` for memory that ran out, `HostLost` for a device that is gone or broken,
    `HostKilled` where only this process has lost it; let every other error pass as it is.
    """
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError):
        raise OutOfMemory from None
    except RuntimeError as error:
        said = str(error)
        if any(words in said for words in _OUT_OF_MEMORY):
            raise OutOfMemory from None
        if _BY_A_TEXT in said:
            raise HostKilled from None
        if isinstance(error, torch.AcceleratorError) or any(word in said for word in _DEVICE):
            raise HostLost(f"the GPU is gone or broken: {_first_line(error)}") from None
        raise


@contextmanager
def while_loading(model: str) -> Iterator[None]:
    """The same while weights are loaded, when no batch is at fault: always `HostLost`."""
    try:
        with as_batch_errors():
            yield
    except OutOfMemory:
        raise HostLost(
            f"no memory is left for the weights of {model}; end what else uses the device's"
            " memory, or choose a smaller encoder"
        ) from None


def check_gpu() -> None:
    """Raise `HostLost` unless this process sees a GPU that torch can use."""
    try:
        torch.cuda.init()  # type: ignore[no-untyped-call]
    # An assertion: this torch was built without CUDA.
    except (RuntimeError, AssertionError) as error:
        raise HostLost(
            f"no GPU that torch {torch.__version__} can use: {_first_line(error)}; see whether"
            " nvidia-smi lists it on that machine, and whether NIGHTSHELF_SPARK_GPU_DISCOVERY"
            " names it as nvidia-smi does"
        ) from None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
