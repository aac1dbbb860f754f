"""Numbers and units as shops and writers spell them."""

import pytest

from nightshelf.grounding.reading import read

WRITTEN = [
    pytest.param("1,500 g", [(1500, "mass")], id="thousands"),
    pytest.param("1,5 kg", [(1.5, "mass")], id="decimal-comma"),
    pytest.param("60x40 cm", [(60, "length"), (40, "length")], id="one-unit-for-both"),
    pytest.param("5 1/2 in", [(5.5, "length")], id="mixed"),
    pytest.param("½ l", [(0.5, "volume")], id="half"),
    pytest.param("twenty-four hours", [(24, "time")], id="words"),
    pytest.param("two hundred grams", [(200, "mass")], id="hundreds"),
    pytest.param("３ in 1", [(3, ""), (1, "")], id="in-is-no-inch"),
    pytest.param("12 Oz", [(12, "mass")], id="capital-unit"),
    pytest.param("12 fl oz", [(12, "volume")], id="fluid"),
    pytest.param("2pcs", [(2, "")], id="pieces"),
    pytest.param("4K SPF50 B12", [], id="codes-are-words"),
    pytest.param("二十四个小时", [(24, "time")], id="zh"),
    pytest.param("三把椅子", [(3, "")], id="zh-classifier"),
    pytest.param("-18 °C", [(-18, "temperature")], id="below-zero"),
]


@pytest.mark.parametrize(("text", "found"), WRITTEN)
def test_numbers_are_read(text, found):
    quantities = [token.quantity for token in read(text).tokens if token.quantity]
    assert [(one.value, one.family) for one in quantities] == found


WITHIN = [
    pytest.param("60 cm", "600 mm", True, id="same"),
    pytest.param("24 in", "60 cm", True, id="rounded"),
    pytest.param("60 cm", "59.7 cm", True, id="rounded-in-its-unit"),
    pytest.param("61 cm", "60 cm", False, id="another"),
    pytest.param("2 ft", "50 cm", False, id="too-coarse"),
    pytest.param("60 kg", "60 cm", False, id="family"),
    pytest.param("536 °F", "280 °C", True, id="offset"),
    pytest.param("12 fl oz", "12 oz", False, id="volume-is-no-mass"),
]


@pytest.mark.parametrize(("ours", "theirs", "within"), WITHIN)
def test_rounding_stays_within_what_is_written(ours, theirs, within):
    first, second = (read(text).tokens[0].quantity for text in (ours, theirs))
    assert first.within(second) is within
