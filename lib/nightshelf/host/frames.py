"""One message on a socket: a header as JSON, then bytes."""

import json
import socket
import struct
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from nightshelf.engine.tokens import Tokens

#: Lengths of header and body, little-endian.
_LENGTHS = struct.Struct("<IQ")

Header = Mapping[str, Any]
Buffer = bytes | memoryview


def send(to: socket.socket, header: Header, body: Sequence[Buffer] = ()) -> None:
    """Raise `OSError` when nobody listens any more."""
    text = json.dumps(header).encode()
    size = sum(memoryview(part).nbytes for part in body)
    to.sendall(_LENGTHS.pack(len(text), size) + text)
    for part in body:
        to.sendall(part)


def receive(from_: socket.socket) -> tuple[dict[str, Any], memoryview]:
    """Raise `ConnectionError` at the end of the stream, `TimeoutError` by the socket's timeout."""
    text_size, body_size = _LENGTHS.unpack(_exactly(from_, _LENGTHS.size))
    header = json.loads(bytes(_exactly(from_, text_size)))
    return header, _exactly(from_, body_size)


def tokens_to_bytes(tokens: Tokens) -> tuple[Header, list[Buffer]]:
    """The header's part and the body; `tokens_from_bytes` reads them."""
    lengths = tokens.lengths.astype(np.int32)
    ids = np.ascontiguousarray(tokens.ids, np.int32)
    return {"rows": len(tokens)}, [lengths.data.cast("B"), ids.data.cast("B")]


def tokens_from_bytes(header: Header, body: memoryview) -> Tokens:
    lengths = np.frombuffer(body, np.int32, header["rows"])
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
    return Tokens(np.frombuffer(body, np.int32, offset=lengths.nbytes), offsets)


def batch_to_bytes(batch: pa.RecordBatch) -> list[Buffer]:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return [memoryview(sink.getvalue())]


def batch_from_bytes(body: memoryview) -> pa.RecordBatch:
    """Raise `pa.ArrowInvalid` for bytes that are no stream of one batch."""
    with pa.ipc.open_stream(pa.py_buffer(body)) as stream:
        return stream.read_next_batch()


def _exactly(from_: socket.socket, size: int) -> memoryview:
    buffer = bytearray(size)
    view, done = memoryview(buffer), 0
    while done < size:
        count = from_.recv_into(view[done:])
        if not count:
            raise ConnectionResetError("the other side is gone")
        done += count
    return view
