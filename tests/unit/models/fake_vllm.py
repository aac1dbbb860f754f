"""Put the fake of vLLM where `import vllm` finds it, as if it had been installed."""

import importlib
import json
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

VERSION = "0.30.0"
#: A token of `tiny_generators` that no plain prompt has.
UNSEEN = 3
SOURCE = Path(__file__).with_name("vllm_as_documented.py")


def install(folder, *, version=VERSION, source=None, name="vllm"):
    """A module, and what says that a package called `name` brought it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCE, folder / "vllm.py")
    if source is not None:
        (folder / "vllm.py").write_text(source)
    said = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    said.mkdir()
    (said / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (said / "top_level.txt").write_text("vllm\n")
    return folder


def fail(folder, fault):
    """How the engine fails over a prompt with the token `UNSEEN`; None: it does not."""
    (folder / "faults.json").write_text(json.dumps({str(UNSEEN): fault} if fault else {}))


@contextmanager
def importable(folder):
    """The real one, if any, is hidden meanwhile; so is what it is told by the environment."""
    hidden = sys.modules.pop("vllm", None)
    environ = dict(os.environ)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("vllm", None)
        if hidden:
            sys.modules["vllm"] = hidden
        for name in os.environ.keys() - environ.keys():
            del os.environ[name]
        os.environ.update(environ)
