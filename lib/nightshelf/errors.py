"""
Every error this library raises on purpose; each exits with its own code.

    NightshelfError
    ├── SettingsError       the operator must fix the configuration            (exit 10)
    ├── ContractError       input does not have the agreed shape               (exit 11)
    ├── AuditError          an expectation failed; nothing was published       (exit 12)
    ├── InputMissing        the deadline passed and no input was delivered     (exit 13)
    ├── NotReady            input or lease is not there yet; try again later   (exit 14)
    ├── LeaseLost           another run took this date over; this one stops    (exit 15)
    ├── ReleaseConflict     another release came first; assemble again         (exit 16)
    ├── ModelError          a model cannot be loaded or is not what it claims  (exit 17)
    │   └── ModelBroken     it fails more rows than any input explains
    ├── JobError            a Spark job, the disk or a database broke off      (exit 18)
    │   ├── HostLost        the process or device that holds the weights is gone
    │   └── RemoteUnavailable  the server of a remote model stays unwell
    ├── OverCap             the plan is over a cap; nothing was asked          (exit 19)
    └── BatchError          a model could not answer this batch; try a smaller one
        ├── OutOfMemory
        ├── UnanswerableRow
        ├── ModelRaised     its code raised something else
        ├── WrongAnswer     not as many, not as long or not as finite as asked for
        ├── RemoteFailure   a server's reply is no answer; see models.remote.failures
        └── DeviceError     the host did not survive it
            ├── BatchLost   before it began this batch: another one ended it
            ├── HostKilled
            └── DeadlinePassed

Rows that cannot be accepted or answered are not errors but data: they end in tables.
"""


class NightshelfError(Exception):
    """Something a person can act on; the message says what, where, and what to do."""

    exit_code = 1


class SettingsError(NightshelfError):
    exit_code = 10


class ContractError(NightshelfError):
    exit_code = 11


class AuditError(NightshelfError):
    exit_code = 12


class InputMissing(NightshelfError):
    exit_code = 13


class NotReady(NightshelfError):
    exit_code = 14


class LeaseLost(NightshelfError):
    exit_code = 15


class ReleaseConflict(NightshelfError):
    exit_code = 16


class ModelError(NightshelfError):
    exit_code = 17


class ModelBroken(ModelError):
    pass


class JobError(NightshelfError):
    exit_code = 18


class HostLost(JobError):
    pass


class RemoteUnavailable(JobError):
    pass


class OverCap(NightshelfError):
    exit_code = 19


class BatchError(NightshelfError):
    """Caught by the engine's halving; never reaches a person."""


class OutOfMemory(BatchError):
    pass


class UnanswerableRow(BatchError):
    pass


class ModelRaised(BatchError):
    pass


class WrongAnswer(BatchError):
    pass


class RemoteFailure(BatchError):
    pass


class DeviceError(BatchError):
    pass


class BatchLost(DeviceError):
    pass


class HostKilled(DeviceError):
    pass


class DeadlinePassed(DeviceError):
    pass
