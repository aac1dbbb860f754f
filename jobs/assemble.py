"""Assemble the shelf on the run's branch and audit it; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.job import run_job

if __name__ == "__main__":
    sys.exit(run_job(assemble_and_audit, name="assemble", description=__doc__))
