"""Hosts of GPUs: which one each sees, and what they say when there is none."""

import subprocess
import sys
from dataclasses import replace

import pytest

from nightshelf.errors import HostLost
from nightshelf.host.slots import gpu_slot
from nightshelf.models.choice import ModelChoice
from nightshelf.settings import Settings

REAL = ModelChoice.from_settings(Settings())
MIG = "MIG-GPU-8932f937-d72c-4106-c12f-20bd9faed9f6/1/0"


@pytest.mark.parametrize("address", ["1", MIG])
def test_what_it_starts_or_calls_sees_its_gpu_alone(address):
    code = (
        "import subprocess, sys; from nightshelf.host.serve import show_only;"
        " show_only(sys.argv[1]); subprocess.run(['env'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, address], capture_output=True, text=True, check=True
    )
    assert f"CUDA_VISIBLE_DEVICES={address}" in done.stdout.splitlines()
    assert "CUDA_DEVICE_ORDER=PCI_BUS_ID" in done.stdout.splitlines()
    assert f"CUDA_VISIBLE_DEVICES={address}" in done.stderr


def test_each_gpu_has_a_host_and_the_log_says_which(new_hosts, engine):
    shared, asked = new_hosts(), engine.texts(50)
    for address in ("0", "1", MIG, "0"):
        device = shared.device(gpu_slot(address))
        assert engine.answers(device, asked)[0] == engine.undisturbed(asked)
        device.close()
    log = shared.folder.log.read_text()
    assert [log.count(f"CUDA_VISIBLE_DEVICES={one} ") for one in ("0", "1", MIG)] == [1, 1, 1]


@pytest.mark.parametrize("address", ["no-such-gpu", MIG])
def test_a_host_without_its_gpu_fails_the_task_and_says_why(new_hosts, engine, address):
    device = new_hosts().device(gpu_slot(address), REAL)
    with pytest.raises(HostLost) as caught:
        engine.answers(device, engine.texts(20), choice=REAL)
    assert str(caught.value).startswith(f"{gpu_slot(address)} of ")
    assert "no GPU that torch" in str(caught.value)
    assert "see whether nvidia-smi lists it" in str(caught.value)
    assert "\n" not in str(caught.value)  # Spark's words are searched line by line


def test_a_host_that_found_no_gpu_does_not_stay(new_hosts, engine):
    shared = new_hosts()
    device = shared.device(gpu_slot("no-such-gpu"), REAL)
    for _ in range(2):
        with pytest.raises(HostLost, match="no GPU that torch"):
            engine.answers(device, ["good"], choice=REAL)
    assert shared.folder.log.read_text().count("CUDA_VISIBLE_DEVICES=") == 2


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_a_host_on_a_gpu_answers_as_the_cpu_does(new_hosts, engine, precision):
    if not pytest.importorskip("torch").cuda.is_available():
        pytest.skip("torch finds no GPU here")
    shared, asked = new_hosts(), engine.texts(100)
    chosen = replace(REAL, precision=precision)
    on_gpu, _ = engine.answers(shared.device(gpu_slot("0"), chosen), asked, choice=chosen)
    on_cpu, _ = engine.answers(shared.device("cpu-0", REAL), asked, choice=REAL)
    for one, other in zip(on_gpu, on_cpu, strict=True):
        pairs = zip(one["embedding"]["vector"], other["embedding"]["vector"], strict=True)
        assert sum(a * b for a, b in pairs) >= 0.9998
