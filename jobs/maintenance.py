"""Keep the lake small: fold, expire, clear away; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.job import run_job
from nightshelf.night.maintenance import maintain

if __name__ == "__main__":
    sys.exit(run_job(maintain, name="maintenance", description=__doc__))
