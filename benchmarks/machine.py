"""Where and with what it was measured."""

import importlib.metadata
import os
import platform
from pathlib import Path

_PACKAGES = (
    *("torch", "transformers", "pyspark", "pyarrow"),
    *("sentence-transformers", "ray", "daft"),
)
_FLAGS = ("avx2", "avx512f", "avx512_bf16", "amx_bf16")


def machine() -> dict[str, str]:
    cpu = Path("/proc/cpuinfo").read_text()
    flags = set(_of(cpu, "flags").split())
    memory = int(_of(Path("/proc/meminfo").read_text(), "MemTotal").split()[0])
    return {
        "CPU": f"{_of(cpu, 'model name')}, {os.cpu_count()} cores",
        "instructions": ", ".join(flag for flag in _FLAGS if flag in flags) or "unknown",
        "memory": f"{memory / 2**20:.0f} GiB",
        "system": f"Linux {platform.release().split('-')[0]}, Python {platform.python_version()}",
        "packages": ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
        "load before": f"{os.getloadavg()[0]:.1f}",
    }


def _of(text: str, name: str) -> str:
    """
    >>> _of("model name : EPYC\\nflags : a b\\n", "flags")
    'a b'
    """
    for line in text.splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown"


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "absent"
