"""The figures of `make bench-generate` compare what was written in the same repetition."""

import pytest
from tests.unit.models.tiny_generators import contents

from benchmarks.generate.__main__ import figures_of
from benchmarks.generate.model import make_model
from benchmarks.generate.ways import Engine, Loop, Written
from nightshelf.models.generator_choice import GeneratorChoice
from nightshelf.settings import Settings


def test_each_repetition_is_compared_with_its_own():
    engine = [Written(("a", "b"), 400, 2.0, 4.0), Written(("a", "b"), 400, 4.0, 4.0)]
    loop = [Written(("a", "b"), 400, 8.0, 8.0), Written(("a", "c"), 200, 8.0, 4.0)]
    found = {one.name: one.values for one in figures_of({"engine": engine, "loop": loop})}
    assert found == {
        "generate_over_loop": (4.0, 4.0),
        "generate_over_loop_wall": (2.0, 2.0),
        "generate_tokens_per_s": (200.0, 100.0),
        "loop_tokens_per_s": (50.0, 25.0),
        "generate_same_texts": (1.0, 0.5),
    }


@pytest.fixture(scope="module")
def choice(tmp_path_factory):
    return GeneratorChoice(
        generator=make_model(contents(), tmp_path_factory.mktemp("m")), max_tokens=6
    )


def test_both_ways_write_the_same(choice):
    ours, theirs = (way.write(contents()) for way in (Engine(choice, Settings()), Loop(choice)))
    assert ours.texts == theirs.texts
    assert any(ours.texts)
    assert ours.tokens == theirs.tokens == 6 * len(contents())
    assert min(ours.cpu, ours.wall, theirs.cpu, theirs.wall) > 0
