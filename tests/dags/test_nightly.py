"""The DAG as Airflow reads it, and one whole night by `dag.test()`."""

import pytest

from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import releases
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.names import NIGHTLY, SHELF
from nightshelf.settings import Settings


def test_a_night_is_a_dag_of_six_tasks(dags):
    assert len(dags[NIGHTLY].tasks) == 6


def test_the_night_is_one_chain_and_its_release_names_the_tables(dags):
    order = ["ready", "ingest", "plan", "ask", "assemble", "release"]
    tasks = dags[NIGHTLY].task_dict
    assert {name: sorted(task.downstream_task_ids) for name, task in tasks.items()} == {
        name: order[place + 1 : place + 2] for place, name in enumerate(order)
    }
    assert sorted(asset.name for asset in tasks["release"].outlets) == sorted(SHELF)


def test_the_schedule_is_the_midnight_that_ends_the_date(dags):
    timetable = dags[NIGHTLY].schedule
    assert (timetable.expression, timetable.key_format) == ("0 0 * * *", "%Y-%m-%d")
    assert timetable.run_offset == -1
    assert not dags[NIGHTLY].catchup


@pytest.mark.parametrize(
    "word", ["Safe to run again", "if this fails", "Partition Key", "landing/"]
)
def test_its_docstring_is_the_manual_of_operations(dags, word):
    assert word.lower() in dags[NIGHTLY].doc_md.lower()


def run_dag(dag, date):
    for task in dag.tasks:
        task.retries = 0
    return dag.test(run_conf={"date": date})


def test_a_night_without_a_date_says_how_to_give_one(dags, capfd):
    assert run_dag(dags[NIGHTLY], None).state == "failed"
    assert "Partition Key" in "".join(capfd.readouterr())


def test_a_whole_night(dags, tmp_path, capfd):
    source = tmp_path / "reviews.csv"
    rows = [f"r{n},p{n % 3},text number {n} is {'great' if n % 2 else 'awful'}" for n in range(30)]
    source.write_text("\n".join(["review_id,product_id,body", *rows]) + "\n")
    settings = Settings.from_environ()
    land(settings.landing, "reviews", [source], parse_date("2026-03-01"), rename={}, mode=None)
    assert run_dag(dags[NIGHTLY], "2026-03-01").state == "success", "".join(capfd.readouterr())
    catalog = open_catalog(settings)
    [release] = releases(catalog)
    assert release.dates == ("2026-03-01",)
    labels = read_table(catalog, "review_sentiment", None)[0].to_arrow()["label"].to_pylist()
    assert sorted(labels) == ["negative"] * 15 + ["positive"] * 15
