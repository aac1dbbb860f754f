"""Whether the text of a question may leave the house at all."""

from nightshelf.errors import SettingsError
from nightshelf.privacy.recall import recall_of, takes_names

REVIEWS, CATALOG = SOURCES = ("reviews", "catalog")
#: Why a review is deferred that was never looked through: it is not English, or was read before.
NOT_REDACTED = "names_not_taken_out"


def must_be_allowed(question: str, source: str, redactor: str = "") -> None:
    """
    Raise `SettingsError` where text of customers would go to a remote model unredacted.

    `source` is the data set that the question reads, `redactor` the active one, as
    `privacy.choice.active_redactor` names it; none by default. It has to take names and addresses
    out, and how much of them it finds has to be known.
    """
    if source not in SOURCES:
        raise SettingsError(f"{question}: it reads {source!r}; use {' or '.join(SOURCES)}")
    if source != REVIEWS:
        return
    if not takes_names(redactor):
        raise SettingsError(
            f"{question}: text of reviews is not sent to a remote model, since nothing takes names"
            " and addresses of people out of it: set NIGHTSHELF_REDACT_NAMES=presidio, or"
            " answer this question with a model of your own (folder:PATH)"
        )
    if recall_of(redactor) is None:
        raise SettingsError(
            f"{question}: text of reviews is not sent to a remote model, since nobody has measured"
            f" how many names this redactor finds ({redactor}): install the versions that"
            " were measured by `make names`, or measure these by `make eval-redaction`"
        )


def what_leaves(question: str, source: str, redactor: str) -> list[str]:
    """What a person has to be told before text of `source` is sent; nothing of a catalog."""
    if source != REVIEWS:
        return []
    return [
        f"{question}: text of reviews goes to a remote model; names and addresses are taken out"
        f" as far as they are found: {recall_of(redactor)}"
    ]
