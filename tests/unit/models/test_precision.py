"""What `auto` means on which machine."""

import pytest

from nightshelf.models.choice import ModelChoice
from nightshelf.models.precision import precision_of
from nightshelf.settings import Settings

GPUS = {"spark_gpu_discovery": "/bin/sh"}


@pytest.mark.parametrize(
    ("cpuinfo", "changed", "expected"),
    [
        ("flags\t\t: fpu avx2", {}, "fp32"),
        ("model\t\t: 1\nflags\t\t: fpu avx2 avx512_bf16 aes\n", {}, "bf16"),
        ("flags\t\t: fpu amx_bf16", {}, "bf16"),
        ("flags\t\t: not_amx_bf16_at_all", {}, "fp32"),
        ("bugs\t\t: amx_bf16", {}, "fp32"),
        ("", {}, "fp32"),
        (None, {}, "fp32"),
        ("flags\t\t: fpu avx2", GPUS, "bf16"),
        ("flags\t\t: amx_bf16", {"precision": "fp32"}, "fp32"),
        ("flags\t\t: avx2", {"precision": "bf16"}, "bf16"),
        ("flags\t\t: avx2", {"precision": "fp32", **GPUS}, "fp32"),
    ],
)
def test_auto_is_what_the_hardware_computes(tmp_path, cpuinfo, changed, expected):
    file = tmp_path / "cpuinfo"
    if cpuinfo is not None:
        file.write_text(cpuinfo)
    assert precision_of(Settings(**{"precision": "auto", **changed}), file) == expected


def test_a_choice_is_never_left_open():
    assert ModelChoice.from_settings(Settings(precision="auto", **GPUS)).precision == "bf16"


def test_unless_it_is_asked_for_the_hardware_decides_nothing():
    assert ModelChoice.from_settings(Settings(**GPUS)).precision == "fp32"
