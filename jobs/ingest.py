"""Read the landing folders and plan the night; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.ingest import ingest_and_plan
from nightshelf.night.job import run_job

if __name__ == "__main__":
    sys.exit(run_job(ingest_and_plan, name="ingest", description=__doc__))
