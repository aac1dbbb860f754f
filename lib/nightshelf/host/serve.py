"""A model host: one process per device or CPU slot, which answers batches of tokens."""

import os
import platform
import queue
import socket
import struct
import sys
import threading
import time
from typing import Any

from nightshelf.errors import DeviceError, HostLost, NightshelfError
from nightshelf.host import frames
from nightshelf.host.batches import Batches, Work
from nightshelf.host.folder import HostFolder
from nightshelf.host.held import HeldModels
from nightshelf.host.replies import refused
from nightshelf.host.slots import gpu_of

_TICK_SECONDS = 0.5
#: A worker that does not take its answer for so long is not one any more; as a `timeval`.
_SEND_TIME = struct.pack("ll", 30, 0)


def serve(
    folder: HostFolder,
    slot: str,
    listener: socket.socket,
    idle_seconds: float,
    memory_bytes: int,
) -> None:
    """Answer until nobody was connected for `idle_seconds`, or the lease is gone."""
    if gpu := gpu_of(slot):
        show_only(gpu)
    work: queue.Queue[Work] = queue.Queue()
    connected: set[socket.socket] = set()
    watched = (folder, slot, connected, idle_seconds)
    threading.Thread(target=_watch, args=watched, daemon=True).start()
    threading.Thread(target=_accept, args=(listener, work, connected), daemon=True).start()
    models = HeldModels("cuda" if gpu else "cpu", memory_bytes)
    batches = Batches(models, connected, overlap=bool(gpu))
    try:
        while True:
            # Nothing waits: what is being computed is finished, and then the next one is awaited.
            if batches.flying and work.empty():
                batches.finish()
            connection, header, body = work.get()
            if "open" in header:
                batches.finish()
                _open(connection, header, models, slot, batches)
            else:
                batches.add(connection, header, body)
    except (HostLost, DeviceError):
        # This process is of no use any more; the next host may find the device well.
        return


def show_only(gpu: str) -> None:
    """This process sees that device and no other: CUDA reads it when it is first touched."""
    # Numbers are then those of nvidia-smi, and not by speed.
    seen = {"CUDA_VISIBLE_DEVICES": gpu, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    os.environ.update(seen)  # noqa: TID251  to be read by CUDA, which has no other way
    said = " ".join(f"{name}={value}" for name, value in seen.items())
    sys.stderr.write(f"model host {os.getpid()}: {said}\n")


def _open(
    connection: socket.socket,
    header: dict[str, Any],
    models: HeldModels,
    slot: str,
    batches: Batches,
) -> None:
    # From here on it is this model's fault if the process dies, not that of another worker's batch.
    batches.say(connection, {"loading": os.getpid()})
    try:
        width = models.open(header["open"]).model.width
    except HostLost as error:
        where = HostLost(f"{slot} of {platform.node()}: {error}")
        batches.say(connection, refused(where))
        raise
    except NightshelfError as error:
        batches.say(connection, refused(error))
    else:
        batches.say(connection, {"opened": os.getpid(), "width": width})


def _accept(
    listener: socket.socket, work: "queue.Queue[Work]", connected: set[socket.socket]
) -> None:
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _SEND_TIME)
        connected.add(connection)
        threading.Thread(target=_read, args=(connection, work, connected), daemon=True).start()


def _read(
    connection: socket.socket, work: "queue.Queue[Work]", connected: set[socket.socket]
) -> None:
    try:
        while True:
            header, body = frames.receive(connection)
            connection.settimeout(None)
            work.put((connection, header, body))
    except (OSError, ValueError):
        connected.discard(connection)


def _watch(
    folder: HostFolder, slot: str, connected: set[socket.socket], idle_seconds: float
) -> None:
    """End this process, whatever it is doing: its work has no reader any more."""
    busy = time.monotonic()
    while folder.lease.exists() and time.monotonic() - busy < idle_seconds:
        if connected:
            busy = time.monotonic()
        try:
            os.utime(folder.socket(slot))  # the parent takes a host for hung that stops doing this
        except OSError:
            break
        time.sleep(_TICK_SECONDS)
    os._exit(0)
