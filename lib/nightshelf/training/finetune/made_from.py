"""What a model was made from, so that it can be made again."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from nightshelf.models.encoder_files import sha256

_TRAINING = Path(__file__).parents[1]
_LIBRARIES = ("torch", "transformers", "accelerate", "tokenizers", "scikit-learn")


def code_version() -> str:
    """The package's version, and a hash over all that trains."""
    digest = hashlib.sha256()
    for path in sorted(_TRAINING.rglob("*.py")):
        digest.update(path.relative_to(_TRAINING).as_posix().encode() + path.read_bytes())
    return f"{metadata.version('nightshelf')} ({digest.hexdigest()[:12]})"


def libraries() -> Mapping[str, str]:
    return {"python": platform.python_version()} | {
        name: metadata.version(name) for name in _LIBRARIES
    }


def files_read(paths: Sequence[Path]) -> Mapping[str, str]:
    """SHA-256 by name of the file; where it lies is nobody's business but its owner's."""
    names = [path.name for path in paths]
    # Landed files of several dates may be called alike.
    alike = {name for name in names if names.count(name) > 1}
    return {
        f"{path.parent.name}/{path.name}" if path.name in alike else path.name: sha256(path)
        for path in paths
    }
