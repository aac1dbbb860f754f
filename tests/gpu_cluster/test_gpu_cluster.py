"""Spark hands out GPUs: one a task of the stage that asks, and no stage else waits for one."""

import json
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from nightshelf.host.folder import HostFolder
from nightshelf.host.start import hosts, stop_hosts
from nightshelf.lakehouse.catalog import open_catalog, rows_of
from nightshelf.names import ANSWERS
from nightshelf.questions import QUESTIONS
from nightshelf.settings import Settings

JOB = Path(__file__).with_name("job.py")
TEXTS = 200
PATIENCE = 400


@pytest.fixture(scope="module")
def variables(cluster, tmp_path_factory):
    return {
        "NIGHTSHELF_HOME": str(tmp_path_factory.mktemp("home")),
        "NIGHTSHELF_SPARK_MASTER": cluster.master,
        "NIGHTSHELF_SPARK_DRIVER_MEMORY": "512m",
        "NIGHTSHELF_SPARK_GPU_DISCOVERY": str(cluster.discovery),
        "NIGHTSHELF_ENCODER": "fake:8",
        "NIGHTSHELF_SENTIMENT_HEAD": "fake",
        "NIGHTSHELF_GENERATOR": "off",
    }


@pytest.fixture(scope="module")
def found(cluster, variables):
    """What the job has said; one is enough for all tests."""
    folder = HostFolder.of(Path(variables["NIGHTSHELF_HOME"]))
    try:
        done = subprocess.run(
            [sys.executable, JOB, str(TEXTS)],
            env=cluster.environ | variables,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said = {"log": folder.log.read_text(), "locks": [p.name for p in folder.path.glob("*-*")]}
        for line in done.stdout.splitlines():
            said |= json.loads(line)
        yield said
    finally:
        stop_hosts(folder)
        assert hosts(folder) == []


def at_once(tasks):
    """The most that ran at any moment, and each two that ran together."""
    together = [
        (one, other)
        for one, other in combinations(tasks, 2)
        if one["begun"] < other["ended"] and other["begun"] < one["ended"]
    ]
    most = max(sum(t["begun"] <= at["begun"] < t["ended"] for t in tasks) for at in tasks)
    return most, together


def test_a_stage_that_does_not_ask_for_gpus_uses_all_cores(found):
    most, _ = at_once(found["plain"])
    assert most == 4
    assert {task["gpus"] for task in found["plain"]} == {"{}"}


def test_each_task_of_the_stage_that_asks_has_a_gpu_of_its_own(found):
    most, together = at_once(found["gpu"])
    assert most == 2
    assert {task["gpus"] for task in found["gpu"]} == {'{"gpu": ["0"]}', '{"gpu": ["1"]}'}
    assert all(one["gpus"] != other["gpus"] for one, other in together)


def test_as_many_tasks_ask_at_once_as_there_are_gpus(found):
    assert found["places"] == [2, []]


def test_a_host_a_gpu_sees_that_gpu_alone(found):
    shown = re.findall(r"model host (\d+): CUDA_VISIBLE_DEVICES=(\S+)", found["log"])
    assert sorted(gpu for _, gpu in shown) == ["0", "1"]
    assert len({pid for pid, _ in shown}) == 2
    assert not [name for name in found["locks"] if name.startswith("cpu-")]


def test_every_text_is_answered(found, variables):
    assert found["answers"] == {name: {"answered": TEXTS} for name in QUESTIONS}
    assert found["usage"]["failures"] == {}
    catalog = open_catalog(Settings.from_environ(variables))
    for name in QUESTIONS:
        keys = rows_of(catalog, f"{ANSWERS}.{name}")["key"].to_pylist()
        assert sorted(keys) == sorted(f"{name}-{n}" for n in range(TEXTS))
