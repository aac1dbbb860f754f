"""An Airflow of this suite's own; its settings have to stand before Airflow is imported."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOME = tempfile.TemporaryDirectory(prefix="nightshelf-dags-")

pytest.MonkeyPatch().setenv("AIRFLOW_HOME", f"{HOME.name}/airflow")
for name, value in {
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "NIGHTSHELF_HOME": f"{HOME.name}/nightshelf",
    "NIGHTSHELF_ENCODER": "fake:8",
    "NIGHTSHELF_SENTIMENT_HEAD": "fake",
    "NIGHTSHELF_GENERATOR": "off",
}.items():
    pytest.MonkeyPatch().setenv(name, value)


@pytest.fixture(scope="session", autouse=True)
def metadata():
    migrate = [str(Path(sys.executable).with_name("airflow")), "db", "migrate"]
    subprocess.run(migrate, check=True, capture_output=True, env=dict(os.environ))


@pytest.fixture
def dags(monkeypatch):
    """Every DAG by its id, as Airflow reads the folder."""
    # Imported here: after the settings.
    from airflow.dag_processing.dagbag import DagBag

    folder = str(ROOT / "dags")
    # As Airflow itself does with the folder of a bundle.
    monkeypatch.syspath_prepend(folder)
    # Fresh each time: a second `dag.test()` of one object sees the parameters of the first.
    bag = DagBag(folder)
    assert bag.import_errors == {}
    return bag.dags


def pytest_collection_modifyitems(items):
    for item in items:
        # Airflow's own deprecations are not ours to mend.
        item.add_marker(pytest.mark.filterwarnings("ignore"))
