"""What Spark is told of GPUs, and which a machine says it has; no session is needed for that."""

import pytest

from nightshelf.errors import SettingsError
from nightshelf.settings import Settings
from nightshelf.spark.conf import spark_conf
from nightshelf.spark.gpus import gpus_of_this_machine

CLUSTER = {"spark_master": "spark://head:7077"}
GPUS = {"spark_gpu_discovery": "/bin/sh"}
ONE_EACH = {
    "spark.executor.resource.gpu.amount": "1",
    "spark.executor.resource.gpu.discoveryScript": "/bin/sh",
}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, {}),
        (GPUS, {}),
        (CLUSTER, {}),
        (CLUSTER | GPUS, ONE_EACH),
        (CLUSTER | {"spark_executor_cores": 4}, {"spark.executor.cores": "4"}),
    ],
    ids=["local", "local with GPUs", "cluster", "cluster with GPUs", "cluster with cores"],
)
def test_an_executor_has_one_gpu_and_no_task_takes_it_unasked(tmp_path, changed, expected):
    conf = spark_conf(Settings(home=tmp_path, **changed), [])
    of_gpus = {k: v for k, v in conf.items() if k.startswith(("spark.executor.", "spark.task."))}
    assert of_gpus == expected


@pytest.mark.parametrize("host", ["127.0.0.1", "airflow.shop.internal"])
def test_executors_elsewhere_find_the_driver_where_it_listens(tmp_path, host):
    conf = spark_conf(Settings(home=tmp_path, spark_driver_host=host), [])
    assert {conf["spark.driver.host"], conf["spark.driver.bindAddress"]} == {host}


@pytest.fixture
def discovery(tmp_path):
    def settings(lines):
        script = tmp_path / "gpus.sh"
        script.write_text(f"#!/bin/sh\n{lines}\n")
        script.chmod(0o755)
        return Settings(spark_gpu_discovery=str(script))

    return settings


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [('["0"]', ("0",)), ('["GPU-1", "MIG-2/1/0"]', ("GPU-1", "MIG-2/1/0")), ("[0, 1]", ("0", "1"))],
)
def test_a_machine_names_its_gpus(discovery, addresses, expected):
    settings = discovery(f"""echo '{{"name": "gpu", "addresses": {addresses}}}'""")
    assert gpus_of_this_machine(settings) == expected


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("echo nvidia-smi: not found >&2; exit 9", r"it failed \(9\): nvidia-smi: not found"),
        ("exit 1", r"it failed \(1\): it said nothing"),
        ("echo none", "it prints something else"),
        ("echo '[]'", "it prints something else"),
        ("""echo '{"name": "gpu"}'""", "it prints something else"),
        ("""echo '{"name": "gpu", "addresses": []}'""", "it finds none"),
        ("""echo '{"name": "fpga", "addresses": ["0"]}'""", "it finds none"),
    ],
)
def test_a_program_that_names_none_is_refused_with_what_to_do(discovery, lines, why):
    with pytest.raises(SettingsError, match=rf"SPARK_GPU_DISCOVERY=.*gpus\.sh must.*{why}; mend"):
        gpus_of_this_machine(discovery(lines))


def test_a_file_that_is_no_program_is_refused(discovery, tmp_path):
    settings = discovery("")
    (tmp_path / "gpus.sh").write_bytes(b"\x00\x01")
    with pytest.raises(SettingsError, match=r"it does not run \(OSError\)"):
        gpus_of_this_machine(settings)
