from datetime import UTC, datetime

import pytest

from nightshelf.errors import ModelError
from nightshelf.models.versions import model_versions
from nightshelf.night import ask, ingest, parts, planning
from nightshelf.night.fidelity import must_be_faithful
from nightshelf.ops import runs
from nightshelf.ops.verdicts import Verdict, write_verdict

DATE, RUN = "2026-03-01", "n20260301_0"
REFUSAL = "1.30% of the sentiment labels flip, and at most 0.50% may"
MISSING = (
    r"^int8 was never measured for these models \(embedding \w+, sentiment \w+\): run `nightshelf"
    r" fidelity` with the night's settings, .* or set NIGHTSHELF_PRECISION=fp32$"
)
REFUSED = (
    rf"^int8 was refused for these models on 2026-03-02, measured on 900 texts: {REFUSAL}\. Measure"
    r" again on other texts \(`nightshelf fidelity --texts FILE`\), or set NIGHTSHELF_PRECISION"
)


@pytest.fixture
def int8(new_context):
    fake = {"encoder": "fake:8", "sentiment_head": "fake", "generator": "off"}
    return new_context(precision="int8", **fake)


def models_of(context):
    return {name: version.id for name, version in model_versions(context.choice).items()}


def judged(context, refusals, models=None):
    verdict = Verdict(
        models=models or models_of(context),
        precision="int8",
        texts=900,
        mean_cosine=0.99,
        low_cosine=0.98,
        flips=0.013,
        refusals=refusals,
        measured_at=datetime(2026, 3, 2, 1, tzinfo=UTC),
    )
    write_verdict(context.ops, verdict)


def no_verdict(context):
    pass


def of_another_head(context):
    judged(context, [], {**models_of(context), "sentiment": "0" * 16})


def refused(context):
    judged(context, [])
    judged(context, [REFUSAL])


def let_through(context):
    judged(context, [REFUSAL])
    judged(context, [])


VERDICTS = [
    (no_verdict, MISSING),
    (of_another_head, MISSING),
    (refused, REFUSED),
    (let_through, None),
]


@pytest.mark.parametrize(("verdict", "message"), VERDICTS)
def test_int8_needs_a_verdict_on_the_very_models(int8, verdict, message):
    verdict(int8)
    if message is None:
        must_be_faithful(int8, models_of(int8))
    else:
        with pytest.raises(ModelError, match=message):
            must_be_faithful(int8, models_of(int8))


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("verdict", [no_verdict, refused])
def test_other_precisions_need_none(new_context, verdict, precision):
    context = new_context(encoder="fake:8", sentiment_head="fake", precision=precision)
    verdict(context)
    must_be_faithful(context, models_of(context))


# ------------------------------------------------------------------ the steps of a night


class Texts:
    def count(self):
        return 1


@pytest.fixture
def night(int8, monkeypatch):
    """The two steps that name models, with nothing of Spark; what they have done by then."""
    done = []

    def noting(what, result):
        return lambda *_, **__: done.append(what) or result

    monkeypatch.setattr(ingest, "ingest", noting("ingest", []))
    monkeypatch.setattr(planning, "plan", noting("plan", {}))
    monkeypatch.setattr(parts, "texts_to_ask", noting("texts", Texts()))
    monkeypatch.setattr(ask, "_work", noting("models", None))
    monkeypatch.setattr(ask, "ask_waves", noting("asked", []))
    monkeypatch.setattr(ask, "watched", lambda *_: ask.of_workers())
    for step in (planning, ask):
        monkeypatch.setattr(step, "open_views", lambda *_, **__: None)
    runs.open_run(int8.ops, RUN, date=DATE, step="ingest", now=int8.clock())
    return done


@pytest.mark.parametrize(("verdict", "message"), VERDICTS)
def test_the_plan_refuses_what_was_not_let_through(int8, night, verdict, message):
    verdict(int8)
    if message is None:
        ingest.ingest_and_plan(None, int8, RUN)
        assert night == ["ingest", "plan"]
    else:
        # Its reviews are accepted by then: a verdict can be taken on them.
        with pytest.raises(ModelError, match=message):
            ingest.ingest_and_plan(None, int8, RUN)
        assert night == ["ingest"]


@pytest.mark.parametrize(("verdict", "message"), VERDICTS)
def test_no_model_starts_that_was_not_let_through(int8, night, verdict, message):
    judged(int8, [])
    ingest.ingest_and_plan(None, int8, RUN)
    night.clear()
    # As it is when the night's step comes: what was let through then may be refused since.
    with int8.ops.begin() as db:
        db.exec_driver_sql("DELETE FROM verdicts")
    verdict(int8)
    if message is None:
        ask.ask(None, int8, RUN)
        assert night == ["texts", "models", "asked"]
    else:
        with pytest.raises(ModelError, match=message):
            ask.ask(None, int8, RUN)
        assert night == ["texts"]
