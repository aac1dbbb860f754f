"""Whether the text of a question may leave the house at all."""

from collections.abc import Collection

from nightshelf.errors import SettingsError

REVIEWS, CATALOG = SOURCES = ("reviews", "catalog")
#: What the pattern rules of `privacy` do not find, and a redactor has to.
NAMES, ADDRESSES = WANTED = ("names", "addresses")


def must_be_allowed(question: str, source: str, redacted: Collection[str] = ()) -> None:
    """
    Raise `SettingsError` where text of customers would go to a remote model unredacted.

    `source` is the data set that the question reads; `redacted` are the kinds of personal data
    that the active redactor takes out of it, none by default.
    """
    if source not in SOURCES:
        raise SettingsError(f"{question}: it reads {source!r}; use {' or '.join(SOURCES)}")
    missing = [kind for kind in WANTED if kind not in redacted]
    if source == REVIEWS and missing:
        raise SettingsError(
            f"{question}: text of reviews is not sent to a remote model, since nothing takes"
            f" {' and '.join(missing)} of people out of it: switch a redactor on that does, or"
            " answer this question with a model of your own (folder:PATH)"
        )
