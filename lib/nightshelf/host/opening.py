"""A connection to a host that holds the model, whatever other workers do to it meanwhile."""

import socket
from collections.abc import Callable
from typing import NamedTuple

from nightshelf.errors import HostLost
from nightshelf.host import frames
from nightshelf.host.choices import to_fields
from nightshelf.host.pace import PATIENCE_SECONDS
from nightshelf.host.replies import error_in
from nightshelf.models.choice import ModelChoice
from nightshelf.models.generator_choice import VLLM, GeneratorChoice
from nightshelf.models.panel import Choice

#: How often a host may end while it loads the model, and how often at all: under the batches of
#: other workers, which find their poison by halving, one ends a dozen times.
_STARTS, _ENDS = 3, 50
#: vLLM compiles for the device before it writes.
_COMPILING_SECONDS = 900.0


class Opened(NamedTuple):
    """A connection, the process behind it, and how wide the model's vectors are."""

    connection: socket.socket
    pid: int
    width: int


def opened(connect: Callable[[], socket.socket], choice: Choice) -> Opened:
    """Raise `HostLost` if no host stays until it has the model, and the host's own refusal."""
    name = choice.encoder if isinstance(choice, ModelChoice) else choice.model
    compiles = isinstance(choice, GeneratorChoice) and choice.engine == VLLM
    patience = _COMPILING_SECONDS if compiles else PATIENCE_SECONDS
    ended = {"while": 0, "before": 0}
    while True:
        connection = connect()
        connection.settimeout(patience)
        when = "before"
        try:
            frames.send(connection, {"open": to_fields(choice)})
            frames.receive(connection)  # it has come to us, and loads
            when = "while"
            header, _ = frames.receive(connection)
        except OSError as error:
            connection.close()
            ended[when] += 1
            if ended["while"] == _STARTS or sum(ended.values()) == _ENDS:
                raise HostLost(
                    f"the model host ended {ended[when]} times {when} it loaded {name}"
                    f" ({type(error).__name__})"
                ) from None
            continue
        if refusal := error_in(header):
            connection.close()
            raise refusal
        return Opened(connection, header["opened"], header["width"])
