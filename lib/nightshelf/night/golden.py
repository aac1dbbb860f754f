"""The texts that fidelity is measured on: of a file, or the newest reviews of the lake."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from nightshelf.errors import ContractError
from nightshelf.lakehouse.golden import newest_reviews
from nightshelf.night.context import Context
from nightshelf.questions.content import review_content


def texts_of_file(path: Path, most: int) -> list[str]:
    """The first `most` distinct lines that are not empty, as a review's text would be read."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise ContractError(f"{path}: {error.strerror}; name a file with one text a line") from None
    except UnicodeDecodeError as error:
        raise ContractError(
            f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8, one text a line"
        ) from None
    return _distinct((review_content(None, line) for line in lines), most)


def texts_of_lake(context: Context, most: int) -> list[str]:
    found = newest_reviews(context.catalog, most)
    return _distinct((review_content(title, body) for title, body in found), most)


def _distinct(texts: Iterable[str], most: int) -> list[str]:
    return list(islice(dict.fromkeys(text for text in texts if text), most))
