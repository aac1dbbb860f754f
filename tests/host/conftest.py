"""Real hosts, with a fake model; each test has a folder of its own, and leaves no process."""

from functools import partial

import pyarrow as pa
import pytest

from nightshelf.engine.device import LocalDevice
from nightshelf.engine.runner import Limits, Panel, ask
from nightshelf.engine.usage import Usage
from nightshelf.host.client import HostDevice
from nightshelf.host.folder import HostFolder
from nightshelf.host.start import HostLimits, host_of, hosts, stop_hosts
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.questions import QUESTIONS

CHOICE = ModelChoice(
    encoder="faulty:fake:8", sentiment_head="fake", precision="fp32", max_tokens=64
)
WORDS = ("good", "bad", "a", "dress", "kettle", "awful", "of", "the", "lovely", "thing")


class Hosts:
    """The hosts of one home, and what is asked of them."""

    def __init__(self, home, idle_seconds=60.0):
        self.folder = HostFolder.of(home)
        self.folder.make()
        self.limits = HostLimits(idle_seconds=idle_seconds, memory_mb=4096)
        self.devices = []

    def device(self, slot="cpu-0", choice=CHOICE):
        connect = partial(host_of, self.folder, slot, self.limits, choice)
        self.devices.append(HostDevice(connect, choice, list(QUESTIONS.values())))
        return self.devices[-1]

    def processes(self):
        return hosts(self.folder)

    def stop(self):
        for device in self.devices:
            device.close()
        return stop_hosts(self.folder)


def texts(count, poison="", at=0):
    """`count` different texts of 1 to 17 words; `poison` is put into the one at `at`."""
    made = [
        " ".join(WORDS[(n * k) % 10] for k in range(1, 2 + n % 17)) + f" {n}" for n in range(count)
    ]
    made[at] += f" {poison}" if poison else ""
    return made


def answers(device, asked, share=0.5, choice=CHOICE, **limits):
    """content key -> (status, reason, label, vector), in the order of `asked`, and the usage."""
    keys = [f"c{n}" for n in range(len(asked))]
    rows = pa.RecordBatch.from_pydict(
        {"content_key": keys, "text": asked}
        | {f"key_{name}": [f"{key}-{name}" for key in keys] for name in QUESTIONS}
    )
    given = {"max_padded_tokens": 256, "window_rows": 8192, "max_failed_share": share} | limits
    panel = Panel(
        questions=list(QUESTIONS.values()),
        reader=open_reader(choice),
        device=device,
        limits=Limits(**given),
    )
    usage, found = Usage(), {key: {} for key in keys}
    for question, batch in ask([rows], panel, usage):
        for row in batch.to_pylist():
            said = found[row.pop("content_key")]
            assert question.name not in said
            said[question.name] = row
    assert all(said.keys() == QUESTIONS.keys() for said in found.values())
    return list(found.values()), usage


@pytest.fixture
def new_hosts(tmp_path):
    made = []

    def make(**changed):
        made.append(Hosts(tmp_path, **changed))
        return made[-1]

    yield make
    for one in made:
        one.stop()
    assert not [process for one in made for process in one.processes()]


@pytest.fixture
def engine():
    """What the tests need of this file: it cannot be imported."""

    class Engine:
        choice = CHOICE
        texts = staticmethod(texts)
        answers = staticmethod(answers)
        tokens = staticmethod(open_reader(CHOICE).prepare)

        @staticmethod
        def undisturbed(asked):
            """The same model in this process, without any host."""
            return answers(LocalDevice(open_panel(CHOICE), list(QUESTIONS.values())), asked)[0]

    return Engine
