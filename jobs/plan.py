"""Plan a date and leave the lake as it is; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.job import run_job
from nightshelf.night.planning import plan_quietly

if __name__ == "__main__":
    sys.exit(run_job(plan_quietly, name="plan", description=__doc__))
