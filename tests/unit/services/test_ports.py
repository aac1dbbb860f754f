import socket

import pytest

from nightshelf.errors import SettingsError
from nightshelf.services import ports


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_free_port_is_taken_without_a_word():
    said = []
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert ports.choose(free, 1, said.append) == free
    assert said == []


def test_where_nobody_chose_the_next_free_port_is_taken_and_said(taken):
    said = []
    port = ports.choose(taken, taken, said.append)
    assert port > taken
    assert ports.is_free(port)
    assert said == [f"Port {taken} is taken by another program: taking {port}"]


def test_a_port_that_somebody_chose_is_not_exchanged(taken):
    with pytest.raises(SettingsError, match=f"NIGHTSHELF_AIRFLOW_PORT: port {taken} is taken"):
        ports.choose(taken, taken - 1, pytest.fail)
