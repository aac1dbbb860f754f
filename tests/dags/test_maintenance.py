"""The DAG that keeps the lake small, as Airflow reads it, and one run of it by `dag.test()`."""

import pytest

from nightshelf.lakehouse.catalog import ensure_tables, open_catalog
from nightshelf.names import MAINTENANCE
from nightshelf.ops.database import open_ops
from nightshelf.ops.schema import MAINTENANCE as DONE
from nightshelf.settings import Settings


@pytest.fixture
def dag(dags):
    return dags[MAINTENANCE]


def test_it_is_one_task_once_a_week_and_one_run_at_a_time(dag):
    assert list(dag.task_dict) == ["maintain"]
    assert dag.schedule == "0 11 * * 0"
    assert (dag.max_active_runs, dag.catchup) == (1, False)


def test_its_parameter_is_typed_and_changes_nothing_unless_asked_to(dag):
    param = dag.params.get_param("dry_run")
    assert (param.value, param.schema["type"]) == (False, "boolean")


@pytest.mark.parametrize("word", ["Safe to run again", "if this fails", "dry_run", "report"])
def test_its_docstring_is_the_manual_of_operations(dag, word):
    assert word.lower() in dag.doc_md.lower()


@pytest.mark.parametrize("dry_run", [True, False])
def test_it_reports_what_it_did(dag, dry_run, capfd):
    settings = Settings.from_environ()
    ensure_tables(open_catalog(settings), {})
    for task in dag.tasks:
        task.retries = 0
    found = dag.test(run_conf={"dry_run": dry_run})
    printed = "".join(capfd.readouterr())
    assert found.state == "success", printed
    assert ("a dry run: the counts are" in printed) is dry_run
    with open_ops(settings.ops_database).begin() as db:
        [*_, row] = db.execute(DONE.select().order_by(DONE.c.started_at)).mappings().all()
    assert (row["state"], row["dry_run"]) == ("done", dry_run)
    assert set(row["report"]) == {"tables", "left", "bytes_freed", "branches"}
