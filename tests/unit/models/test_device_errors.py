"""Whose fault it is: the words of torch 2.13, and what the engine makes of them."""

import pytest
import torch

from nightshelf.errors import HostKilled, HostLost, OutOfMemory
from nightshelf.models.device_errors import as_batch_errors, while_loading

KERNEL = "\nCUDA kernel errors might be asynchronously reported at some other API call"
CUBLAS = "when calling `cublasGemmEx(handle, opa, opb, m, n, k)`"

FOUND = [
    (MemoryError(), OutOfMemory),
    (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."), OutOfMemory),
    (torch.AcceleratorError(f"CUDA error: out of memory{KERNEL}"), OutOfMemory),
    (RuntimeError("CUDA driver error: out of memory"), OutOfMemory),
    (RuntimeError(f"CUDA error: CUBLAS_STATUS_ALLOC_FAILED {CUBLAS}"), OutOfMemory),
    (
        RuntimeError("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED"),
        OutOfMemory,
    ),
    (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), OutOfMemory),
    (RuntimeError("not enough memory: you tried to allocate 9 bytes."), OutOfMemory),
    (torch.AcceleratorError(f"CUDA error: device-side assert triggered{KERNEL}"), HostKilled),
    (torch.AcceleratorError(f"CUDA error: unspecified launch failure{KERNEL}"), HostLost),
    (torch.AcceleratorError(f"CUDA error: an illegal memory access{KERNEL}"), HostLost),
    (torch.AcceleratorError("CUDA error: uncorrectable ECC error encountered"), HostLost),
    (torch.AcceleratorError("CUDA error: CUDA-capable device(s) is/are busy"), HostLost),
    (torch.AcceleratorError("something new of an accelerator"), HostLost),
    (RuntimeError(f"CUDA error: CUBLAS_STATUS_EXECUTION_FAILED {CUBLAS}"), HostLost),
    (RuntimeError("CUDA error: CUBLAS_STATUS_NOT_INITIALIZED"), HostLost),
    (RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), HostLost),
    (RuntimeError("CUDA driver error: unknown error"), HostLost),
    (RuntimeError("CUDA unknown error - this may be due to an incorrect setup"), HostLost),
    (RuntimeError("Unexpected error from cudaGetDeviceCount(). Error 304"), HostLost),
    (RuntimeError("No CUDA GPUs are available"), HostLost),
    (RuntimeError("Found no NVIDIA driver on your system."), HostLost),
    (RuntimeError("NVML_SUCCESS == r INTERNAL ASSERT FAILED at CUDACachingAllocator"), HostLost),
]


@pytest.mark.parametrize(("raised", "error"), FOUND, ids=[str(one)[:40] for one, _ in FOUND])
def test_what_torch_says(raised, error):
    with pytest.raises(error) as caught, as_batch_errors():
        raise raised
    if error is HostLost:
        assert str(caught.value) == f"the GPU is gone or broken: {str(raised).splitlines()[0]}"


@pytest.mark.parametrize(
    "raised",
    [RuntimeError("mat1 and mat2 shapes cannot be multiplied"), ValueError("CUDA"), OSError()],
)
def test_every_other_error_passes_as_it_is(raised):
    with pytest.raises(type(raised)) as caught, as_batch_errors():
        raise raised
    assert caught.value is raised


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (MemoryError(), "no memory is left for the weights of package:x; end what else"),
        (torch.OutOfMemoryError("CUDA out of memory."), "no memory is left for the weights"),
        (torch.AcceleratorError("CUDA error: invalid device ordinal"), "invalid device ordinal"),
    ],
)
def test_what_does_not_load_is_no_fault_of_a_batch(raised, said):
    with pytest.raises(HostLost, match=said), while_loading("package:x"):
        raise raised
