"""Let a way answer texts in a process of its own, and keep what it took."""

import importlib.util
import json
import os
import secrets
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks import counted
from benchmarks.ways.job import Job

REPO = Path(__file__).parents[1]
_LIMIT_SECONDS = 3_600.0

#: Module of each way, and the package that it is absent without.
WAYS = {
    "roof": ("roof", "torch"),
    "roof_int8": ("roof", "torch"),
    "ours": ("ours", "pyspark"),
    "naive_udf": ("naive_udf", "pyspark"),
    "batch_udf": ("batch_udf", "pyspark"),
    "sentence_encode": ("sentence_encode", "sentence_transformers"),
    "ray_data": ("ray_data", "ray"),
    "daft_udf": ("daft_udf", "daft"),
}


def is_there(way: str) -> bool:
    return importlib.util.find_spec(WAYS[way][1]) is not None


def measure(way: str, job: Job, java_home: Path, log: Path) -> tuple[counted.Counted, str]:
    """What it printed and took, and what went wrong, if anything did."""
    module, needs = WAYS[way]
    if not is_there(way):
        return counted.Counted(1, "", 0.0, 0.0), f"absent: {needs} is not installed"
    command = [sys.executable, "-m", f"benchmarks.ways.{module}", json.dumps(asdict(job))]
    took = counted.run(command, _environ(java_home), log, _LIMIT_SECONDS)
    if took.status:
        return took, f"failed: status {took.status}"
    return took, ""


def _environ(java_home: Path) -> dict[str, str]:
    # An operator's own settings must not change what is compared.
    kept = {name: text for name, text in os.environ.items() if not name.startswith("NIGHTSHELF_")}
    return {
        **kept,
        "JAVA_HOME": str(java_home),
        "PYTHONPATH": os.pathsep.join([str(REPO / "lib"), str(REPO)]),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_DRIVER_PYTHON": sys.executable,
        # One thread a slot for everyone, as Spark sets it for its workers.
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
        "RAY_USAGE_STATS_ENABLED": "0",
        # Else Ray makes one and leaves it in the user's home.
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
        "DO_NOT_TRACK": "1",
        "DAFT_PROGRESS_BAR": "0",
    }
