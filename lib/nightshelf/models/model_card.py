"""What people call a model, and under which licence it is, as its place and its card say."""

import re
from importlib import metadata

from nightshelf.models.encoder_files import EncoderFiles


def name_and_revision(place: str, weights_sha256: object) -> tuple[str, str]:
    kind, _, value = place.partition(":")
    if kind == "hub":
        name, _, revision = value.rpartition("@")
        return name, revision
    if kind == "package":
        try:
            return value, metadata.version(value)
        except metadata.PackageNotFoundError:  # a package that is a part of another
            return value, str(weights_sha256)[:12]
    return value.rstrip("/").rpartition("/")[2], str(weights_sha256)[:12]


def licence_of(files: EncoderFiles) -> str:
    """As the card's front matter says, which is for people; "unknown" where it says nothing."""
    card = files.folder / "README.md"
    text = card.read_text("utf-8", errors="replace") if card.is_file() else ""
    found = re.search(r"\A---\n(?:(?!---).*\n)*?license:\s*(\S+)", text)
    return found[1] if found else "unknown"
