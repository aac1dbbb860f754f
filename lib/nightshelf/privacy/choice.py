"""Which redactor is active, as the operator names it."""

from nightshelf.privacy.names import NameFinder, NameRedactor
from nightshelf.privacy.presidio import Presidio
from nightshelf.privacy.redact import REDACTOR_VERSION
from nightshelf.settings import Settings

OFF = "off"


def name_finder(settings: Settings) -> NameFinder | None:
    """None where names stay; raise `SettingsError` where its packages are missing."""
    return None if settings.redact_names == OFF else Presidio()


def active_redactor(settings: Settings) -> str:
    """As it is recorded with each row that it has read whole; of catalogs and other languages
    only the first part is."""
    finder = name_finder(settings)
    return with_names(NameRedactor(finder)) if finder else REDACTOR_VERSION


def with_names(names: NameRedactor) -> str:
    """The rules for numbers and addresses of the net, and after them those for names."""
    return f"{REDACTOR_VERSION} {names.version}"
