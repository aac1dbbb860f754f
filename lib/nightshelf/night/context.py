"""What every step of a night works with, opened once at the edge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa

from nightshelf.answers.secret import lake_secret
from nightshelf.contracts.description_file import read_description_file
from nightshelf.models.choice import ModelChoice
from nightshelf.models.classifier_choice import ClassifierChoice, classifiers
from nightshelf.models.generator_choice import GeneratorChoice, generator_of
from nightshelf.models.remote.choice import RemoteChoice
from nightshelf.ops.database import open_ops
from nightshelf.settings import Settings

if TYPE_CHECKING:
    from pyiceberg.catalog import Catalog

    from nightshelf.models.panel import Choice
    from nightshelf.shelf.published import Published

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

    @cached_property
    def descriptions_text(self) -> str:
        """The file of the operator's rules for descriptions; empty where there is none."""
        settings = self.settings
        return read_description_file(
            settings.descriptions_file, required=bool(settings.descriptions)
        )

    @cached_property
    def choices(self) -> "tuple[Choice, ...]":
        """Every model that is asked: the encoder, each classifier, and who writes descriptions."""
        described = (self._generator,) if self._generator else ()
        return (self.choice, *self._classifiers, *described)

    @cached_property
    def choice(self) -> ModelChoice:
        """The encoder and its head."""
        return ModelChoice.from_settings(self.settings)

    @cached_property
    def published(self) -> "tuple[Published, ...]":
        from nightshelf.shelf.published import published

        return published(self._classifiers, describes=self._generator is not None)

    @cached_property
    def _generator(self) -> GeneratorChoice | RemoteChoice | None:
        return generator_of(self.settings)

    @cached_property
    def _classifiers(self) -> tuple[ClassifierChoice, ...]:
        return classifiers(self.settings)


def utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the one clock; everybody below is given the time
