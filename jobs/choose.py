"""Choose the published rows to answer again; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.choose import choose
from nightshelf.night.job import run_job

if __name__ == "__main__":
    sys.exit(run_job(choose, name="choose", description=__doc__))
