"""In which order a host begins batches, and what their clients hear."""

import socket
from functools import partial

import pytest

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import HostKilled, HostLost, OutOfMemory
from nightshelf.host import frames
from nightshelf.host.batches import Batches
from nightshelf.host.held import Held
from nightshelf.models.fake import FakeModel
from nightshelf.questions import QUESTIONS

SICK = 666


class Noting(FakeModel):
    """A fake whose work is noted as a device would do it: begun, and finished later."""

    def __init__(self, error=None):
        super().__init__(8)
        self.did, self.error = [], error

    def begin(self, batch):
        self.did.append(f"begin {len(batch)}")
        return partial(self.answer, batch)

    def answer(self, batch):
        self.did.append(f"answer {len(batch)}")
        if self.error and SICK in batch.ids:
            raise self.error
        return super().answer(batch)


class Client:
    """One worker's connection; batches are told apart by how many rows they have."""

    def __init__(self):
        self.end, self.connection = socket.socketpair()
        self.end.settimeout(0.05)

    def ask(self, batches, rows, *, alone=False, sick=False):
        tokens = Tokens.from_rows([[SICK if sick else 7]] * rows)
        part, body = frames.tokens_to_bytes(tokens)
        header = {"number": rows, "choice": {}, "questions": list(QUESTIONS), "alone": alone}
        joined = memoryview(b"".join(bytes(one) for one in body))
        batches.add(self.connection, header | part, joined)

    def heard(self):
        """Since the last time: numbers that were begun, rows that were answered, errors."""
        found = []
        while True:
            try:
                header, body = frames.receive(self.end)
            except TimeoutError:
                return found
            if "seconds" in header:
                assert header["seconds"] >= 0
                found.append(f"{frames.batch_from_bytes(body).num_rows} answers")
            else:
                found += [f"{name} {header[name]}" for name in header if name != "peak_kb"]


class Models:
    def __init__(self, model):
        self.model = model

    def open(self, _fields):
        return Held(self.model, QUESTIONS)


@pytest.fixture
def client():
    with_ends = Client()
    yield with_ends
    with_ends.end.close()
    with_ends.connection.close()


@pytest.fixture
def made():
    def make(overlap, error=None):
        model = Noting(error)
        return model, Batches(Models(model), set(), overlap=overlap)

    return make


def test_a_gpu_begins_the_next_batch_before_the_last_one_is_read(made, client):
    model, batches = made(overlap=True)
    for rows in (1, 2, 3):
        client.ask(batches, rows)
    assert model.did == ["begin 1", "begin 2", "answer 1", "begin 3", "answer 2"]
    assert client.heard() == ["begun 1", "1 answers", "begun 2", "2 answers", "begun 3"]
    assert batches.flying
    batches.finish()
    assert client.heard() == ["3 answers"]
    assert not batches.flying


def test_a_cpu_does_one_after_the_other(made, client):
    model, batches = made(overlap=False)
    for rows in (1, 2):
        client.ask(batches, rows)
    assert model.did == ["answer 1", "answer 2"]
    assert client.heard() == ["begun 1", "1 answers", "begun 2", "2 answers"]
    assert not batches.flying


def test_nothing_is_begun_beside_a_batch_that_is_asked_alone(made, client):
    model, batches = made(overlap=True)
    client.ask(batches, 1)
    client.ask(batches, 2, alone=True)
    client.ask(batches, 3)
    assert model.did == ["begin 1", "answer 1", "begin 2", "answer 2", "begin 3"]
    assert client.heard() == ["begun 1", "1 answers", "begun 2", "2 answers", "begun 3"]


def test_what_one_batch_cannot_take_is_said_of_that_one(made, client):
    _, batches = made(overlap=True, error=OutOfMemory())
    client.ask(batches, 1, sick=True)
    client.ask(batches, 2)
    batches.finish()
    assert client.heard() == ["begun 1", "failed OutOfMemory", "begun 2", "2 answers"]


@pytest.mark.parametrize(
    ("error", "said"), [(HostLost("it is gone"), ["lost it is gone"]), (HostKilled(), [])]
)
def test_a_device_that_is_gone_ends_the_host(made, client, error, said):
    _, batches = made(overlap=True, error=error)
    client.ask(batches, 1, sick=True)
    with pytest.raises(type(error)):
        client.ask(batches, 2)
    assert client.heard() == ["begun 1", *said]


def test_a_client_that_has_gone_costs_the_others_nothing(made, client):
    _, batches = made(overlap=True)
    gone = Client()
    gone.ask(batches, 1)
    gone.end.close()
    client.ask(batches, 2)
    batches.finish()
    assert client.heard() == ["begun 2", "2 answers"]
    assert gone.connection.fileno() == -1
