"""Which vLLM is installed, without importing it: a plan needs no torch."""

from importlib.metadata import PackageNotFoundError, packages_distributions, version

from nightshelf.errors import SettingsError
from nightshelf.settings import PREFIX


def installed_vllm() -> str:
    """
    Its version, with the name of the build where it has one, such as `0.30.0+cpu`.

    Raises `SettingsError` where there is none.
    """
    try:
        return version("vllm")
    except PackageNotFoundError:  # or a build of it under another name
        builds = packages_distributions().get("vllm", [])
    if not builds:
        raise SettingsError(
            f"{PREFIX}GENERATOR_ENGINE=vllm: vLLM is not installed in this Python; install it"
            " beside Nightshelf, in the same version on the driver and on each machine with a GPU"
            " (docs/models.md says which one fits), or use torch"
        )
    return version(builds[0])
