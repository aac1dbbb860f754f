"""Which port Airflow's pages are served on."""

import socket
from collections.abc import Callable

from nightshelf.errors import SettingsError
from nightshelf.services.configuration import HOST


def choose(wanted: int, default: int, say: Callable[[str], None]) -> int:
    """`wanted` if it is free; the next free one if nobody asked for a certain port.

    Raise `SettingsError` when somebody did, and it is taken.
    """
    if is_free(wanted):
        return wanted
    if wanted != default:
        raise SettingsError(
            f"NIGHTSHELF_AIRFLOW_PORT: port {wanted} is taken by another program; free it, choose"
            " another, or leave the setting out to get the next free one"
        )
    for port in range(default + 1, default + 100):
        if is_free(port):
            say(f"Port {default} is taken by another program: taking {port}")
            return port
    raise SettingsError(f"Ports {default} to {default + 99} are all taken: free one of them")


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As Airflow's own server does; else a connection of the last one blocks for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError:
            return False
    return True
