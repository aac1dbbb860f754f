"""Whatever one text does to the process that reads it, the others are answered as if it had not."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from nightshelf.errors import HostLost, ModelBroken, SettingsError
from nightshelf.models.choice import ModelChoice

#: What the poison is and what becomes of its row.
KINDS = {
    "raise": "ModelRaised",
    "memory": "OutOfMemory",
    "nan": "WrongAnswer",
    "size": "WrongAnswer",
    "short": "WrongAnswer",
    "kill": "HostKilled",
    "segfault": "HostKilled",
    "assert": "HostKilled",
    "hang": "DeadlinePassed",
}


def but(answers, place):
    return answers[:place] + answers[place + 1 :]


@pytest.mark.parametrize(("kind", "reason"), KINDS.items(), ids=KINDS)
def test_one_poisonous_text_costs_itself_alone(new_hosts, engine, kind, reason):
    place = 120
    asked = engine.texts(300, f"⚡{kind}", at=place)
    found, usage = engine.answers(new_hosts().device(), asked)
    assert but(found, place) == but(engine.undisturbed(engine.texts(300)), place)
    for row in found[place].values():
        assert (row["status"], row["reason"]) == ("failed", reason)
    assert usage.failures == {reason: 1}
    if reason in ("HostKilled", "DeadlinePassed"):
        assert usage.restarts >= 2
    else:
        assert usage.restarts == 1  # the fresh host on which it had to fail again


def test_two_jobs_share_a_host_and_one_of_them_kills_it(new_hosts, engine):
    shared = new_hosts()
    asked = {"calm": engine.texts(2000), "wild": engine.texts(300, "⚡kill", at=40)}
    found = {}

    def work(name):
        found[name] = engine.answers(shared.device(), asked[name])[0]

    threads = [threading.Thread(target=work, args=(name,)) for name in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found["calm"] == engine.undisturbed(asked["calm"])
    assert but(found["wild"], 40) == but(engine.undisturbed(engine.texts(300)), 40)


def test_a_host_that_somebody_kills_costs_no_text(new_hosts, engine):
    shared = new_hosts()
    device, asked = shared.device(), engine.texts(5000)
    ended = threading.Event()

    def kill():
        while not ended.wait(0.2):
            for process in shared.processes():
                if process.parent() and process.parent() in shared.processes():
                    os.kill(process.pid, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        found, _ = engine.answers(device, asked, max_padded_tokens=32)
    finally:
        ended.set()
        thread.join()
    assert found == engine.undisturbed(asked)


def test_its_socket_may_be_gone(new_hosts, engine):
    shared = new_hosts()
    asked = engine.texts(50)
    assert engine.answers(shared.device(), asked)[0] == engine.undisturbed(asked)
    shared.folder.socket("cpu-0").unlink()
    shared.folder.parent.unlink()
    assert engine.answers(shared.device(), asked)[0] == engine.undisturbed(asked)


def test_shared_memory_is_not_used_and_cannot_run_out(new_hosts, engine):
    shared = new_hosts()
    engine.answers(shared.device(), engine.texts(500))
    for pid in [os.getpid(), *(process.pid for process in shared.processes())]:
        assert "/dev/shm" not in Path(f"/proc/{pid}/maps").read_text()  # noqa: S108


def test_a_device_that_is_gone_fails_the_task_and_not_the_text(new_hosts, engine):
    with pytest.raises(HostLost, match="the GPU is gone"):
        engine.answers(new_hosts().device(), engine.texts(100, "⚡lost", at=3))


def test_a_model_that_is_broken_for_all_is_stopped_before_it_has_cost_much(new_hosts, engine):
    asked = [f"{text} ⚡kill" for text in engine.texts(1000)]
    begun = time.monotonic()
    with pytest.raises(ModelBroken, match=r"of 1000 texts failed, .* by HostKilled"):
        engine.answers(new_hosts().device(), asked, share=0.01)
    assert time.monotonic() - begun < 30


def test_what_cannot_be_opened_is_said_in_the_words_of_the_settings(new_hosts, engine, tmp_path):
    choice = ModelChoice(
        encoder=f"folder:{tmp_path}",
        sentiment_head="package:nightshelf.models",
        precision="fp32",
        max_tokens=64,
    )
    device = new_hosts().device(choice=choice)
    with pytest.raises(SettingsError, match=r"config\.json"):
        engine.answers(device, ["good"])
