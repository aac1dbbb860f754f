"""The DAG `reanswer` as Airflow reads it; a dry run, and one that publishes."""

from importlib import import_module

import pytest

from nightshelf.cli import parser
from nightshelf.lakehouse.catalog import open_catalog
from nightshelf.lakehouse.read import read_table
from nightshelf.lakehouse.release import releases
from nightshelf.landing.dates import parse_date
from nightshelf.landing.land import land
from nightshelf.names import NIGHTLY, REANSWER, REANSWER_STEPS, SHELF
from nightshelf.ops import runs
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings


def test_it_is_one_chain_that_nobody_schedules(dags):
    tasks = dags[REANSWER].task_dict
    assert {name: sorted(task.downstream_task_ids) for name, task in tasks.items()} == {
        name: list(REANSWER_STEPS[place + 1 : place + 2])
        for place, name in enumerate(REANSWER_STEPS)
    }
    assert sorted(asset.name for asset in tasks["release"].outlets) == sorted(SHELF)
    assert dags[REANSWER].schedule is None


def test_a_dry_run_is_the_default(dags):
    assert dags[REANSWER].params["dry_run"] is True
    assert dags[REANSWER].params["question"] == "sentiment"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("question", "tone", "x; drop"),
        ("by", "0123456789abcdef", "newest"),
        ("model_is_not", "0123456789abcdef", "0" * 15),
        ("prompt_is_not", "", 3),
        ("date_from", "2026-03-01", "yesterday"),
        ("date_to", None, "1 March"),
        ("category", "Kitchen", ""),
        ("product_ids", ["p1"], "p1"),
        ("failed_with_reason", "HostKilled", ""),
        ("most_rows", 5, 0),
        ("most_tokens", 5, "many"),
        ("dry_run", False, "no"),
    ],
)
def test_its_parameters_are_typed(dags, name, good, bad):
    param = dags[REANSWER].params.get_param(name)
    assert param.resolve(value=good) == good
    with pytest.raises(Exception, match=r"(?i)invalid|failed|not valid|does not match|is not"):
        param.resolve(value=bad)


def test_every_parameter_is_a_flag_of_the_command(dags):
    again = import_module("common.again")
    assert {*again.FLAGS, "dry_run"} == set(dags[REANSWER].params)
    values = {"by": "0" * 16, "product_ids": ["p1", "--yes"], "most_rows": 2, "most_tokens": 9}
    params = dict.fromkeys(again.FLAGS, "x") | values | {"dry_run": False}
    args = parser().parse_args(["reanswer", *again.flags(params)])
    assert (args.product_ids, args.most_rows, args.most_tokens) == (["p1", "--yes"], 2, 9)
    assert (args.question, args.first, args.last, args.reason) == ("x", "x", "x", "x")
    assert args.yes
    assert not parser().parse_args(["reanswer", *again.flags(params | {"dry_run": True})]).yes


def run_dag(dag, **conf):
    for task in dag.tasks:
        task.retries = 0
    return dag.test(run_conf=conf)


def test_a_dry_run_asks_nothing_and_a_real_one_publishes(dags, tmp_path, capfd, monkeypatch):
    source = tmp_path / "reviews.csv"
    rows = [f"r{n},p{n % 3},text number {n} is great" for n in range(6)]
    source.write_text("\n".join(["review_id,product_id,body", *rows]) + "\n")
    settings = Settings.from_environ()
    land(settings.landing, "reviews", [source], parse_date("2026-05-01"), rename={}, mode=None)
    assert run_dag(dags[NIGHTLY], date="2026-05-01").state == "success", "".join(capfd.readouterr())
    ops, catalog = open_ops(settings.ops_database), open_catalog(settings)
    before = releases(catalog)

    dry = run_dag(dags[REANSWER], question="embedding", product_ids=["p1"])
    assert dry.state == "success", "".join(capfd.readouterr())
    states = {task.task_id: str(task.state) for task in dry.get_task_instances()}
    assert states == {"choose": "success", **dict.fromkeys(REANSWER_STEPS[1:], "skipped")}
    assert runs.recent_runs(ops)[0]["state"] == runs.PLANNED
    assert releases(catalog) == before

    # Another model: built beside what is published, by all four tasks.
    monkeypatch.setenv("NIGHTSHELF_ENCODER", "fake:12")
    real = run_dag(dags[REANSWER], question="embedding", dry_run=False)
    assert real.state == "success", "".join(capfd.readouterr())
    assert runs.recent_runs(ops)[0]["state"] == runs.BUILT
    vectors = read_table(catalog, "embedding", None)[0].to_arrow()["vector"].to_pylist()
    assert {len(vector) for vector in vectors} == {8, 12}
    assert releases(catalog) == before
