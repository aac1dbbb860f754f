"""The script that ships finds what nvidia-smi lists, on machines without one by a fake of it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts" / "discover_gpus.sh"

FIRST = "GPU 0: NVIDIA A100-SXM4-40GB (UUID: GPU-5d5b-a0)"
SECOND = "GPU 1: NVIDIA A100-SXM4-40GB (UUID: GPU-77e1-b1)"
PARTS = """  MIG 1g.5gb      Device  0: (UUID: MIG-c6d4-0)
  MIG 2g.10gb     Device  1: (UUID: MIG-cba6-1)"""


@pytest.fixture
def discover(tmp_path):
    def run(listed, status=0):
        fake = tmp_path / "nvidia-smi"
        fake.write_text(f"#!/bin/sh\n[ \"$*\" = -L ] && echo '{listed}'\nexit {status}\n")
        fake.chmod(0o755)
        path = f"{tmp_path}:{os.environ['PATH']}"
        return subprocess.run([SCRIPT], env={"PATH": path}, capture_output=True, text=True)

    return run


@pytest.mark.parametrize(
    ("listed", "addresses"),
    [
        ([FIRST], ["GPU-5d5b-a0"]),
        ([FIRST, SECOND], ["GPU-5d5b-a0", "GPU-77e1-b1"]),
        ([FIRST, PARTS, SECOND], ["MIG-c6d4-0", "MIG-cba6-1", "GPU-77e1-b1"]),
        ([FIRST, SECOND, PARTS], ["GPU-5d5b-a0", "MIG-c6d4-0", "MIG-cba6-1"]),
        (["No devices were found"], []),
    ],
)
def test_it_names_each_device_once(discover, listed, addresses):
    done = discover("\n".join(listed))
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"name": "gpu", "addresses": addresses}


def test_where_nvidia_smi_fails_it_fails_too(discover):
    done = discover("Driver/library version mismatch", status=18)
    assert (done.returncode, done.stdout) == (18, "")
