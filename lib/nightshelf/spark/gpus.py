"""GPUs: those of this machine, and how a stage asks Spark for one a task."""

import json
import subprocess

from pyspark.resource import ResourceProfile, ResourceProfileBuilder, TaskResourceRequests
from pyspark.sql import SparkSession

from nightshelf.errors import SettingsError
from nightshelf.host.slots import cpu_slots, gpu_slot
from nightshelf.settings import PREFIX, Settings
from nightshelf.spark.conf import is_local
from nightshelf.spark.slot import GPU, Places

_DISCOVERY_SECONDS = 60.0


def gpu_a_task() -> ResourceProfile:
    """What a stage asks for, so that Spark gives each of its tasks a GPU."""
    # Without a request to executors: those that there are serve every stage.
    return ResourceProfileBuilder().require(TaskResourceRequests().resource(GPU, 1)).build


def places_of(session: SparkSession, settings: Settings) -> Places:
    """Raise `SettingsError` if this machine's GPUs are wanted and cannot be found."""
    cores = session.sparkContext.defaultParallelism
    if not settings.spark_gpu_discovery:
        return Places(cores, cpu_slots(cores))
    if is_local(settings.spark_master):
        # Spark gives GPUs to executors only, and here are none. More tasks than GPUs share them:
        # one worker alone may not tokenise as fast as a GPU reads.
        return Places(cores, tuple(map(gpu_slot, gpus_of_this_machine(settings))))
    # The driver is listed among the executors; each of those has one GPU.
    executors = session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    return Places(max(1, executors))


def gpus_of_this_machine(settings: Settings) -> tuple[str, ...]:
    """The addresses that the discovery program prints; raise `SettingsError` if it does not."""
    program = settings.spark_gpu_discovery
    try:
        done = subprocess.run(  # noqa: S603
            [program], capture_output=True, text=True, timeout=_DISCOVERY_SECONDS
        )
        if done.returncode:
            last = (done.stderr.splitlines() or ["it said nothing"])[-1]
            raise _unusable(program, f"it failed ({done.returncode}): {last}")
        found = json.loads(done.stdout)
        addresses = [str(address) for address in found["addresses"] if found["name"] == GPU]
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError) as error:
        raise _unusable(program, f"it does not run ({type(error).__name__})") from None
    except (ValueError, KeyError, TypeError):
        raise _unusable(program, "it prints something else") from None
    if not addresses:
        raise _unusable(program, "it finds none")
    return tuple(addresses)


def _unusable(program: str, why: str) -> SettingsError:
    return SettingsError(
        f"{PREFIX}SPARK_GPU_DISCOVERY={program} must print this machine's GPUs, such as"
        f' {{"name": "gpu", "addresses": ["0"]}}, but {why}; mend it, or unset it to use the CPU'
    )
