"""A language model in a real host writes what it writes in this process."""

from functools import partial

import pytest
from tests.unit.models.tiny_generators import contents, save_generator

from nightshelf.errors import UnanswerableRow
from nightshelf.host.choices import questions_of
from nightshelf.host.client import HostDevice
from nightshelf.host.start import host_of
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.names import DESCRIPTION


@pytest.mark.parametrize("architecture", ["GPT2LMHeadModel", "T5ForConditionalGeneration"])
def test_a_host_writes_what_this_process_writes(new_hosts, tmp_path, architecture):
    choice = GeneratorChoice(generator=f"folder:{save_generator(tmp_path, architecture)}")
    shared = new_hosts()
    connect = partial(host_of, shared.folder, "cpu-0", shared.limits, choice)
    device = HostDevice(connect, choice, questions_of(choice))
    shared.devices.append(device)
    tokens = open_reader(choice).prepare(contents())
    device.submit(tokens)
    device.submit(open_reader(choice).prepare(["not a request"]))
    said = [tuple(row[DESCRIPTION].values()) for row in device.collect().to_pylist()]
    assert said == open_panel(choice).answer(tokens)[DESCRIPTION]
    with pytest.raises(UnanswerableRow):
        device.collect()
    assert device.restarts == 0
