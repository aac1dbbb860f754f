"""A model host: one process per device or CPU slot, which answers batches of tokens."""

import os
import queue
import resource
import socket
import threading
import time
from typing import Any

from nightshelf.engine.device import answered
from nightshelf.errors import BatchError, HostLost, NightshelfError
from nightshelf.host import frames
from nightshelf.host.folder import HostFolder
from nightshelf.host.held import HeldModels
from nightshelf.host.replies import failed, refused
from nightshelf.questions import QUESTIONS

CUDA = "cuda-"
_TICK_SECONDS = 0.5
#: A worker that does not take its answer for so long is not one any more.
_SEND_SECONDS = 30.0

Work = tuple[socket.socket, dict[str, Any], memoryview]


def serve(
    folder: HostFolder,
    slot: str,
    listener: socket.socket,
    idle_seconds: float,
    memory_bytes: int,
) -> None:
    """Answer until nobody was connected for `idle_seconds`, or the lease is gone."""
    if slot.startswith(CUDA):
        # CUDA reads it when it is first touched: this process sees its own device only.
        os.putenv("CUDA_VISIBLE_DEVICES", slot.removeprefix(CUDA))
    device = "cuda" if slot.startswith(CUDA) else "cpu"
    work: queue.Queue[Work] = queue.Queue()
    connected: set[socket.socket] = set()
    watched = (folder, slot, connected, idle_seconds)
    threading.Thread(target=_watch, args=watched, daemon=True).start()
    threading.Thread(target=_accept, args=(listener, work, connected), daemon=True).start()
    models = HeldModels(device, memory_bytes)
    while True:
        connection, header, body = work.get()
        try:
            _answer(connection, header, body, models)
        except OSError:
            connected.discard(connection)
            connection.close()
        except HostLost:
            # It has been told; the next host may find another device, this one is of no use.
            return


def _answer(
    connection: socket.socket, header: dict[str, Any], body: memoryview, models: HeldModels
) -> None:
    if "open" in header:
        try:
            width = models.open(header["open"]).width
        except NightshelfError as error:
            frames.send(connection, refused(error))
        else:
            frames.send(connection, {"opened": os.getpid(), "width": width})
        return
    frames.send(connection, {"begun": header["number"]})
    questions = [QUESTIONS[name] for name in header["questions"]]
    begun = time.perf_counter()
    try:
        model = models.open(header["choice"])
        found = answered(model, frames.tokens_from_bytes(header, body), questions)
        seconds = time.perf_counter() - begun
        reply = frames.batch_to_bytes(found)
    except BatchError as error:
        frames.send(connection, {**failed(error), **_state()})
    except HostLost as error:
        frames.send(connection, {"lost": str(error)})
        raise
    else:
        frames.send(connection, {"seconds": seconds, **_state()}, reply)


def _state() -> dict[str, int]:
    # Linux says kilobytes, macOS bytes; this is a figure to watch, not one to compute with.
    return {"peak_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def _accept(
    listener: socket.socket, work: "queue.Queue[Work]", connected: set[socket.socket]
) -> None:
    while True:
        connection, _ = listener.accept()
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
