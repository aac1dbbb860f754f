"""`nightshelf up | down`."""

import argparse
from pathlib import Path

from nightshelf.host.folder import HostFolder
from nightshelf.host.start import stop_hosts
from nightshelf.services import airflow
from nightshelf.services.progress import Progress
from nightshelf.settings import Settings, process_environ

REPO = Path(__file__).parents[3]


def up(_: argparse.Namespace) -> None:
    airflow.up(Settings.from_environ(), REPO, process_environ(), Progress())


def down(_: argparse.Namespace) -> None:
    settings, say = Settings.from_environ(), Progress()
    if ended := stop_hosts(HostFolder.of(settings.home)):
        say(f"Stopped {ended} processes that held models")
    airflow.down(settings, say)
