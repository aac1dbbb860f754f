"""What our own code raised in a worker, out of the words in which Spark passes it on."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException

from nightshelf import errors

_RAISED = re.compile(r"^(?:\S*: )?nightshelf\.errors\.(\w+): (.*)$", re.MULTILINE)


@contextmanager
def of_workers() -> Iterator[None]:
    """Raise the `NightshelfError` that a worker raised, in its own words, as if it were here."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        if found := raised_in(str(error)):
            raise found from None
        raise


def raised_in(text: str) -> errors.NightshelfError | None:
    """
    The first of our errors in a traceback.

    >>> raised_in("Traceback ...\\nnightshelf.errors.ModelBroken: 11 of 20 texts failed\\n\\tat x")
    ModelBroken('11 of 20 texts failed')
    """
    found = _RAISED.search(text)
    kind = getattr(errors, found[1], None) if found else None
    return kind(found[2]) if found and kind else None
