from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nightshelf.errors import NightshelfError, OverCap
from nightshelf.night.caps import Caps, to_take_within
from nightshelf.night.deciding import decide, decide_once, may_ask
from nightshelf.night.estimate import Estimate, Part
from nightshelf.night.sentences import of_estimate, of_question
from nightshelf.ops import runs
from nightshelf.settings import Settings

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def estimate(rest=100.0, **changed):
    known = {"questions": ("sentiment", "embedding"), "texts": 1000, "tokens": 90_000}
    known |= {"counted": 1000, "waves": 2, "measured_waves": 7, "seconds": 60.0, "cost": 4.5}
    part = Part(**{**known, **changed})
    deadline = NOW + timedelta(hours=11)
    return Estimate(parts=(part,), planned_at=NOW, deadline=deadline, rest_seconds=rest)


def run(caps=None, **changed):
    known = estimate().as_dict() | {"fits": None} | changed
    return {"run": "n1", "date": "2026-03-01", "caps": caps, "estimate": known}


@pytest.mark.parametrize(
    ("settings", "chosen", "expected"),
    [
        ({}, None, None),
        ({"cap_rows": 1000, "cap_tokens": 90_000, "cap_cost": 4.5}, None, None),
        ({"cap_rows": 999}, None, OverCap),
        ({"cap_tokens": 89_999}, None, OverCap),
        ({"cap_cost": 4.49}, None, OverCap),
        ({"cap_rows": 999, "over_cap": "take"}, None, Caps(rows=999)),
        ({"cap_rows": 999, "over_cap": "take"}, {"over_cap": "hold"}, OverCap),
        ({"cap_rows": 999}, {"over_cap": "take"}, Caps(rows=999)),
        ({"cap_rows": 999}, {"over_cap": "ignore"}, None),
        ({"cap_rows": 999}, {"rows": 0}, None),
        ({"cap_rows": 9}, {"rows": 500, "over_cap": "take"}, Caps(rows=500)),
        ({"cap_rows": 999}, {"rows": 1000}, None),
        ({"cap_rows": 999, "cap_cost": 1.0}, {"rows": 1000}, OverCap),
    ],
)
def test_what_a_run_may_ask(settings, chosen, expected):
    if expected is OverCap:
        with pytest.raises(OverCap):
            to_take_within(run(chosen), Settings(**settings))
    else:
        assert to_take_within(run(chosen), Settings(**settings)) == expected


def test_the_message_says_by_how_much_what_fits_and_the_ways_on():
    fits = {"texts": 900, "tokens": 80_000, "cost": 4.0, "order": "newest"}
    with pytest.raises(OverCap) as caught:
        to_take_within(run(fits=fits), Settings(cap_rows=900, cap_cost=4.2))
    assert str(caught.value) == (
        "the plan of run n1 is over its cap: 1,000 texts to ask, at most 900 texts allowed,"
        " 100 texts too many; 4.50 USD to ask, at most 4.20 USD allowed, 0.30 USD too many."
        " Nothing was asked, readers see the last release. Within the caps fit 900 texts with"
        " 80,000 tokens, 4.00 USD, those deferred before first, then the newest first. Three ways"
        " on: raise the cap for this run (`nightshelf caps n1 --rows 1000 --cost 4.5`); take what"
        " fits (`nightshelf caps n1 --take`): the rest is published as deferred and comes first in"
        " the next night's plan; or let it be. After the first or second, clear the task `plan`,"
        " or run `nightshelf night --date 2026-03-01 --run n1`"
    )


def test_an_estimate_comes_back_as_it_went():
    assert Estimate.from_dict(estimate().as_dict()) == estimate()


def test_what_one_question_costs_is_what_its_model_does():
    [panel] = estimate().parts
    tone = Part(questions=("tone",), texts=9, tokens=90, counted=9, seconds=None, cost=0.5)
    both = replace(estimate(), parts=(panel, tone))
    assert (both.texts, both.seconds, both.cost, both.finish) == (1009, None, 5.0, None)
    assert both.only("embedding").parts == (panel,)
    assert both.only("tone").texts == 9


# ------------------------------------------------------------------ in words


@pytest.mark.parametrize(
    ("changed", "lines"),
    [
        (
            {},
            [
                "plan: sentiment, embedding: 1,000 texts to read, 90,000 tokens (counted), in 2"
                " waves: 1 min 0 s as measured over 7 waves",
                "plan: cost 4.50 USD",
                "plan: done at about 2026-03-02 01:02 UTC, 10 h 57 min before its deadline,"
                " 2026-03-02 12:00 UTC",
            ],
        ),
        (
            {"seconds": 50_000.0, "counted": 100},
            [
                "plan: sentiment, embedding: 1,000 texts to read, 90,000 tokens (estimated from 100"
                " texts), in 2 waves: 13 h 53 min as measured over 7 waves",
                "plan: cost 4.50 USD",
                "plan: done at about 2026-03-02 14:55 UTC, 2 h 55 min AFTER its deadline,"
                " 2026-03-02 12:00 UTC",
            ],
        ),
        (
            {"seconds": None, "is_whole": False, "cost": 0.0123},
            [
                "plan: sentiment, embedding: 1,000 texts to read, 90,000 tokens (counted), in 2"
                " waves; how long that takes was not measured yet",
                "plan: cost 0.0123 USD for tokens; that of device hours is not known before a night"
                " was measured",
                "plan: the night's deadline is 2026-03-02 12:00 UTC; when it will be done is not"
                " known before a night was measured",
            ],
        ),
        ({"texts": 0}, ["plan: nothing has to be asked"]),
    ],
)
def test_what_is_expected_in_words(changed, lines):
    settings = Settings(price_per_million_tokens=50.0)
    assert list(of_estimate(estimate(**changed), settings)) == lines


def test_without_prices_there_is_no_cost():
    assert not any("cost" in line for line in of_estimate(estimate(), Settings()))


def test_causes_that_did_not_occur_are_not_said():
    counts = {"rows": 9, "contents": 8, "reused": 5, "to_ask": 3}
    told = of_question("tone", {**counts, "causes": {"deferred": 0, "edited": 1, "new": 2}})
    assert told == (
        "plan: tone: 9 rows, 8 distinct texts, 5 answered before, 3 to ask (1 edited, 2 new)"
    )


# ------------------------------------------------------------------ who decides


@pytest.fixture
def planned(context):
    runs.open_run(context.ops, "n1", date="2026-03-01", step="plan", now=NOW)
    runs.update_run(context.ops, "n1", estimate=estimate().as_dict())
    return context


def test_the_last_decision_of_a_person_holds(planned):
    decide_once(planned, "n1", "take")
    decide_once(planned, "n1", "ignore")
    assert decide(planned, "n1", rows=5, cost=None) == {"over_cap": "take", "rows": 5}
    decide(planned, "n1", over_cap="hold")
    decide_once(planned, "n1", "take")
    assert decide(planned, "n1") == {"over_cap": "hold", "rows": 5}
    with pytest.raises(OverCap, match="at most 5 texts"):
        may_ask(planned, "n1")
    decide(planned, "n1", over_cap="take")
    assert may_ask(planned, "n1") == Caps(rows=5)


def test_a_run_without_a_plan_and_one_that_has_ended_are_refused(planned):
    with pytest.raises(NightshelfError, match="no run is called n2"):
        decide(planned, "n2", rows=1)
    runs.update_run(planned.ops, "n1", state=runs.RELEASED)
    with pytest.raises(NightshelfError, match="has ended as released"):
        decide(planned, "n1", rows=1)
    runs.open_run(planned.ops, "n3", date="2026-03-01", step="plan", now=NOW)
    with pytest.raises(NightshelfError, match="run n3 has no plan"):
        may_ask(planned, "n3")
