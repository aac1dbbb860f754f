"""Find the folder that holds a model: in a package, on a disk, or from the hub."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

from nightshelf.errors import ModelError, SettingsError

#: Takes (repository, revision), gives the folder its files were brought to.
Download = Callable[[str, str], Path]

# Weights as safetensors, what describes them, chat templates; never code, never pickles.
HUB_FILES = ["*.json", "*.jinja", "model*.safetensors", "README.md"]


def from_hub(repository: str, revision: str) -> Path:
    """Raise `ModelError` if the hub cannot be reached or has no such model."""
    from huggingface_hub import snapshot_download

    try:
        folder = snapshot_download(repository, revision=revision, allow_patterns=HUB_FILES)
    except OSError as error:  # the hub's own errors are OSErrors as well
        raise ModelError(
            f"{repository} at {revision} did not come from the hub ({type(error).__name__});"
            " check the name, the revision and the network, or download it and use folder:PATH"
        ) from error
    return Path(folder)


def find_folder(place: str, beside: str, download: Download = from_hub) -> Path:
    """
    The folder with a file called `beside`, for `package:NAME`, `folder:PATH` or `hub:ID@REVISION`.

    Raise `SettingsError` where there is none.
    """
    kind, _, value = place.partition(":")
    if kind == "hub":
        repository, _, revision = value.rpartition("@")
        return download(repository, revision)
    root = _package_root(value) if kind == "package" else Path(value).expanduser()
    found = root / beside
    if kind == "package" and not found.exists():
        found = next(iter(sorted(root.glob(f"*/{beside}"))), found)
    if not found.is_file():
        raise SettingsError(f"{place}: there is no {beside} in it")
    return found.parent


def _package_root(package: str) -> Path:
    try:
        spec = importlib.util.find_spec(package)
    except ModuleNotFoundError:  # of the parent of a dotted name
        spec = None
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(
            f"package:{package}: there is no such package; install it, or use folder:"
        )
    return Path(spec.submodule_search_locations[0])
