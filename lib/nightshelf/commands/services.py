"""`nightshelf up | down`."""

import argparse
from pathlib import Path

from nightshelf.services import airflow
from nightshelf.services.progress import Progress
from nightshelf.settings import Settings, process_environ

REPO = Path(__file__).parents[3]


def up(_: argparse.Namespace) -> None:
    airflow.up(Settings.from_environ(), REPO, process_environ(), Progress())


def down(_: argparse.Namespace) -> None:
    airflow.down(Settings.from_environ(), Progress())
