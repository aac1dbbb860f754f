"""What every step of a night works with, opened once at the edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from nightshelf.answers.secret import lake_secret
from nightshelf.models.choice import ModelChoice
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

Clock = Callable[[], datetime]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Context:
    """`clock` gives the time in UTC, `say` takes a line for the person who watches."""

    settings: Settings
    clock: Clock
    say: Say

    @cached_property
    def ops(self) -> sa.Engine:
        return open_ops(self.settings.ops_database)

    @cached_property
    def catalog(self) -> "Catalog":
        # Imported when it is needed: half of a step's commands never look at the lake.
        from nightshelf.lakehouse.catalog import open_catalog

        return open_catalog(self.settings)

    @cached_property
    def secret(self) -> bytes:
        return lake_secret(self.settings.secret_file)

    @property
    def choice(self) -> ModelChoice:
        return ModelChoice.from_settings(self.settings)


def utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the one clock; everybody below is given the time
