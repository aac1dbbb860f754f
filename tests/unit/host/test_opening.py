"""The worker's side: whose fault it is when a host ends before it has opened the model."""

import socket

import pytest

from nightshelf.engine.tokens import Tokens
from nightshelf.errors import HostLost
from nightshelf.host import frames
from nightshelf.host.client import HostDevice
from nightshelf.models.choice import ModelChoice

BATCH = Tokens.from_rows([[1, 2, 3]])
CHOICE = ModelChoice(encoder="fake:8", sentiment_head="fake", precision="fp32", max_tokens=64)


class Dying:
    """Hosts that say so many messages each before they end; the last one stays."""

    def __init__(self, said):
        self.said, self.hosts = list(said), []

    def connect(self):
        ours, host = socket.socketpair()
        for message in ({"loading": 7}, {"opened": 7, "width": 8})[: self.said.pop(0)]:
            frames.send(host, message)
        if self.said:
            # Its end is seen after what it has said; what it was sent is not.
            host.shutdown(socket.SHUT_WR)
        self.hosts.append(host)
        return ours


@pytest.fixture
def dying():
    made = []

    def make(*said):
        made.append(Dying(said))
        return made[-1], HostDevice(made[-1].connect, CHOICE, [])

    yield make
    for one in made:
        for host in one.hosts:
            host.close()


@pytest.mark.parametrize(
    "said", [(2,), (0, 2), (0,) * 40 + (2,), (1, 1, 2), (1, 0, 1, 0, 0, 2)], ids=str
)
def test_hosts_that_others_end_are_followed_by_the_next_one(dying, said):
    hosts, device = dying(*said)
    device.submit(BATCH)
    assert (device.restarts, len(hosts.hosts)) == (0, len(said))
    device.close()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ((1, 1, 1, 2), "3 times while it loaded fake:8"),
        ((1, 0, 1, 0, 1, 2), "3 times while it loaded fake:8"),
        ((0,) * 60, "50 times before it loaded fake:8"),
    ],
    ids=["model", "between others", "without end"],
)
def test_a_model_that_ends_its_host_is_given_up(dying, said, message):
    _, device = dying(*said)
    with pytest.raises(HostLost, match=message):
        device.submit(BATCH)
