import time

import pytest

from nightshelf.engine.usage import Usage
from nightshelf.host.folder import HostFolder
from nightshelf.host.progress import told, under_way


@pytest.fixture
def folder(tmp_path):
    made = HostFolder(tmp_path / "hosts")
    made.make()
    return made


def wait_for(said, folder):
    deadline = time.monotonic() + 5
    while (found := under_way(folder)).texts != said:
        assert time.monotonic() < deadline, found
        time.sleep(0.01)


def test_workers_tell_while_they_work_and_not_after(folder):
    usages = [Usage(texts=3, tokens=20), Usage(texts=4, tokens=30)]
    with (
        told(folder, "cpu-0", usages[0], every=0.01),
        told(folder, "cpu-1", usages[1], every=0.01),
    ):
        wait_for(7, folder)
        usages[0].texts = 13
        wait_for(17, folder)
    assert under_way(folder) == Usage()


def test_a_folder_that_is_gone_and_a_file_cut_off_are_no_matter(folder):
    (folder.path / "cpu-0.progress").write_text('{"te')
    assert under_way(folder) == Usage()
    assert under_way(HostFolder(folder.path / "none")) == Usage()
