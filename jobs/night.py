"""Do step after step of a night in one session; exit codes: lib/nightshelf/errors.py."""

import sys

from nightshelf.night.ask import ask
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.choose import choose
from nightshelf.night.ingest import ingest_and_plan
from nightshelf.night.job import run_steps

STEPS = {
    "ingest": ingest_and_plan,
    "choose": choose,
    "ask": ask,
    "assemble": assemble_and_audit,
}

if __name__ == "__main__":
    sys.exit(run_steps(STEPS, description=__doc__))
