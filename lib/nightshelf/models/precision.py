"""Which precision the hardware computes."""

import re
from pathlib import Path

from nightshelf.settings import Settings

FP32, BF16, INT8 = PRECISIONS = ("fp32", "bf16", "int8")
AUTO = "auto"

_CPUINFO = Path("/proc/cpuinfo")
#: Without one of them, torch computes bf16 seven times slower than fp32.
_CPU_FLAGS = {"avx512_bf16", "amx_bf16"}


def precision_of(settings: Settings, cpuinfo: Path = _CPUINFO) -> str:
    """
    The precision of the settings; for `auto`, bf16 where it pays, else fp32.

    It is a part of the model version, so whoever plans decides it for all that answer: a driver's
    own CPU stands for its workers', and GPUs, which it may not have itself, compute bf16.
    """
    if settings.precision != AUTO:
        return settings.precision
    return BF16 if settings.spark_gpu_discovery or _cpu_computes_bf16(cpuinfo) else FP32


def _cpu_computes_bf16(cpuinfo: Path) -> bool:
    text = cpuinfo.read_text() if cpuinfo.is_file() else ""
    found = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    return bool(found and _CPU_FLAGS & set(found[1].split()))
