"""What a host says when it has no answers, as the errors that it means."""

from typing import Any

from nightshelf import errors
from nightshelf.host.frames import Header


def failed(error: errors.BatchError) -> dict[str, Any]:
    """Its name alone: a message could hold a text."""
    return {"failed": type(error).__name__}


def refused(error: errors.NightshelfError) -> dict[str, Any]:
    return {"refused": str(error), "exit_code": error.exit_code}


def error_in(header: Header) -> errors.NightshelfError | None:
    """
    The error that the header of a reply stands for; None where it comes with answers.

    >>> error_in({"failed": "OutOfMemory"})
    OutOfMemory()
    >>> error_in({"refused": "no such folder", "exit_code": 10})
    SettingsError('no such folder')
    """
    if "lost" in header:
        return errors.HostLost(header["lost"])
    if "failed" in header:
        kind: type[errors.BatchError] = getattr(errors, header["failed"])
        return kind()
    if "refused" not in header:
        return None
    for known in (errors.SettingsError, errors.ModelError):
        if known.exit_code == header["exit_code"]:
            return known(header["refused"])
    return errors.HostLost(header["refused"])
