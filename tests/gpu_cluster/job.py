"""A job on the cluster: stages that watch themselves, then texts that are asked; JSON lines."""

import json
import sys
from datetime import UTC, datetime

from nightshelf.engine.runner import Limits
from nightshelf.host.start import HostLimits
from nightshelf.lakehouse.catalog import ensure_tables, open_catalog
from nightshelf.lakehouse.tables import answers_spec
from nightshelf.models.choice import ModelChoice
from nightshelf.questions import QUESTIONS
from nightshelf.services.jars import jar_paths
from nightshelf.settings import Settings
from nightshelf.spark.ask import ask_waves
from nightshelf.spark.conf import spark_conf
from nightshelf.spark.gpus import gpu_a_task, places_of
from nightshelf.spark.session import open_session
from nightshelf.spark.worker import Work, text_schema

WATCHED = "gpus string, begun double, ended double"
TASKS = 4


def watched(batches):
    """For mapInArrow: one row a task, with the GPUs that Spark gave it and when it ran."""
    import time

    import pyarrow as pa
    from pyspark import TaskContext

    for _ in batches:
        pass
    given = TaskContext.get().resources()
    begun = time.time()
    time.sleep(1.5)
    row = {name: one.addresses for name, one in given.items()}
    columns = {"gpus": [json.dumps(row)], "begun": [begun], "ended": [time.time()]}
    yield pa.RecordBatch.from_pydict(columns)


def stages(session, settings):
    rows = session.range(0, 4 * TASKS, 1, TASKS)
    # Until both executors are there, and all their cores have a Python of their own.
    while places_of(session, settings).at_once < 2:
        rows.mapInArrow(watched, WATCHED).collect()
    rows.mapInArrow(watched, WATCHED).collect()
    for name, profile in {"plain": None, "gpu": gpu_a_task()}.items():
        found = rows.mapInArrow(watched, WATCHED, profile=profile).collect()
        say(**{name: [row.asDict() for row in found]})


def ask(session, settings, count):
    specs = {name: answers_spec(question.columns) for name, question in QUESTIONS.items()}
    ensure_tables(open_catalog(settings), specs)
    places = places_of(session, settings)
    say(places=[places.at_once, list(places.slots)])
    work = Work(
        run="r",
        models=dict.fromkeys(QUESTIONS, "m"),
        choice=ModelChoice.from_settings(settings),
        limits=Limits(max_padded_tokens=256, window_rows=8192, max_failed_share=0.0),
        home=settings.home,
        host=HostLimits(idle_seconds=60.0, memory_mb=4096),
        places=places,
    )
    names = text_schema(list(QUESTIONS)).names
    rows = [(f"c{n}", f"a good thing {n}", *[f"{q}-{n}" for q in QUESTIONS]) for n in range(count)]
    texts = session.createDataFrame(rows, ", ".join(f"{name} string" for name in names))
    at = datetime(2026, 3, 1, tzinfo=UTC)
    for _, wave in ask_waves(texts, work, count, 1, lambda: (1, at)):
        say(answers=wave.answers, usage=wave.usage.as_dict())


def say(**found):
    sys.stdout.write(json.dumps(found) + "\n")


def main():
    settings = Settings.from_environ()
    conf = spark_conf(settings, jar_paths(settings.jars)) | {"spark.executor.memory": "512m"}
    with open_session("gpu cluster", conf) as session:
        stages(session, settings)
        ask(session, settings, int(sys.argv[1]))


if __name__ == "__main__":
    main()
