"""Put what has no answer to the models; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.ask import ask
from nightshelf.night.job import run_job

if __name__ == "__main__":
    sys.exit(run_job(ask, name="ask", description=__doc__))
