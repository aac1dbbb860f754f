"""A GPU's address becomes the name of files, and the address again."""

import pytest

from nightshelf.host.folder import HostFolder
from nightshelf.host.slots import cpu_slots, gpu_of, gpu_slot

ADDRESSES = [
    "0",
    "15",
    "GPU-8932f937-d72c-4106-c12f-20bd9faed9f6",
    "MIG-c6d4f1ef-42e4-5de3-91c7-45d71c87eb3f",
    "MIG-GPU-8932f937-d72c-4106-c12f-20bd9faed9f6/1/0",
    "../../escape",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_gpu_is_found_by_its_slot_and_stays_in_the_folder(tmp_path, address):
    slot, folder = gpu_slot(address), HostFolder(tmp_path)
    assert gpu_of(slot) == address
    assert (tmp_path / f"{slot}.lock").resolve().parent == tmp_path
    assert folder.socket(slot).resolve().parent == tmp_path
    assert len(folder.socket(slot).name) <= len("MIG-GPU.sock") + 5


def test_each_slot_has_a_socket_of_its_own(tmp_path):
    slots = [*map(gpu_slot, ADDRESSES), *cpu_slots(64)]
    assert len({HostFolder(tmp_path).socket(slot) for slot in slots}) == len(slots)


def test_a_cpu_slot_has_no_gpu():
    assert {gpu_of(slot) for slot in cpu_slots(3)} == {None}
