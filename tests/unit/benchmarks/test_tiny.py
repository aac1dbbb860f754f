"""The tiny model is one that the product opens like any other."""

import numpy as np

from benchmarks.tiny import make_tiny
from nightshelf.models.choice import ModelChoice
from nightshelf.models.panel import open_panel, open_reader
from nightshelf.settings import Settings


def test_it_answers(tmp_path):
    like = ModelChoice.from_settings(Settings())
    choice = make_tiny(like, tmp_path / "tiny")
    tokens = open_reader(choice).prepare(["good", "a longer text"])
    answers = open_panel(choice).answer(tokens)
    assert answers["embedding"].shape == (2, 32)
    assert np.isfinite(answers["embedding"]).all()
    assert open_reader(like).prepare(["good"]).ids.tolist() == tokens[0].tolist()
