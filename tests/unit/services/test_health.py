import time

import psutil
import pytest

from nightshelf.errors import NightshelfError
from nightshelf.services import health
from nightshelf.services.processes import Started
from nightshelf.services.transport import NoAnswer

SINCE = 1_767_225_600.0  # 2026-01-01T00:00:00Z
OLD, NEW = "2025-12-31T23:59:59+00:00", "2026-01-01T00:00:05+00:00"
SERVICES = ("api-server", "scheduler", "dag-processor", "triggerer")


class Saying:
    """An Airflow that says this of its health."""

    def __init__(self, answer):
        self.answer = answer

    def health(self):
        if self.answer is None:
            raise NoAnswer("nothing there")
        return self.answer


def parts(*, heartbeat=NEW, metadatabase="healthy", **status):
    return {"metadatabase": {"status": metadatabase}} | {
        part: {
            "status": status.get(part, "healthy"),
            f"latest_{part}_heartbeat": None if part in status else heartbeat,
        }
        for part in health.PARTS
    }


def since(*created):
    return {name: Started(1, one) for name, one in zip(SERVICES, created * 4, strict=False)}


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        (parts(), []),
        (None, list(SERVICES)),
        (parts(metadatabase="unhealthy"), ["api-server"]),
        (parts(scheduler="unhealthy"), ["scheduler"]),
        (parts(triggerer=None, dag_processor=None), ["triggerer", "dag-processor"]),
        (parts(heartbeat=OLD), ["scheduler", "triggerer", "dag-processor"]),
    ],
    ids=["all", "no answer", "no database", "one ill", "two not begun", "heartbeats of before"],
)
def test_what_is_not_healthy_is_named(answer, missing):
    assert health.missing(Saying(answer), since(SINCE)) == missing


@pytest.fixture
def alive():
    myself = psutil.Process()
    return dict.fromkeys(SERVICES, Started(myself.pid, myself.create_time()))


def test_all_well_is_waited_for_and_progress_is_said(alive, tmp_path):
    said, late = [], Saying(None)
    later = time.time() + 3600
    text = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(later))

    def say(line):
        said.append(line)
        late.answer = parts(heartbeat=text)

    health.wait(late, alive, tmp_path, 5.0, say)
    assert said == ["  … waiting for api-server, scheduler, dag-processor, triggerer"]


def logs(folder):
    for name in SERVICES:
        (folder / f"{name}.log").write_text(f"first\nthe end of {name}\n")
    return folder


def test_a_service_that_ended_is_named_with_the_end_of_its_log(alive, tmp_path):
    alive["triggerer"] = Started(alive["triggerer"].pid, 1.0)
    with pytest.raises(NightshelfError, match=r"triggerer ended by itself(?s:.*)end of triggerer$"):
        health.wait(Saying(None), alive, logs(tmp_path), 5.0, lambda line: None)


def test_patience_ends_with_the_logs_of_those_waited_for(alive, tmp_path):
    with pytest.raises(NightshelfError, match=r"Not healthy after 0 s: .*(?s:.*)end of scheduler"):
        health.wait(Saying(None), alive, logs(tmp_path), 0.0, lambda line: None)
