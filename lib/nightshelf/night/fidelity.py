"""Let a precision that costs fidelity into a night only after it was measured."""

from collections.abc import Mapping, Sequence

from nightshelf.errors import ModelError, SettingsError
from nightshelf.models.choice import ModelChoice
from nightshelf.models.fidelity import FLIPS, LOW_COSINE, MEAN_COSINE, measure
from nightshelf.models.precision import FP32, INT8
from nightshelf.models.versions import model_versions
from nightshelf.night.context import Context
from nightshelf.night.planned import ids_of, planned
from nightshelf.ops.verdicts import Verdict, newest_verdict, write_verdict

#: bf16 keeps the cosine above 0.9998; `tests/unit/models/test_encoder.py` holds it to that.
NEEDS_A_VERDICT = (INT8,)
_FP32 = "set NIGHTSHELF_PRECISION=fp32"


def must_be_faithful(context: Context, models: Mapping[str, str]) -> None:
    """
    Raise `ModelError` unless the precision of each may answer for these model versions.

    `models` maps a question to its version, as a run freezes them. A verdict is on an encoder and
    its head together, whichever of them is asked.
    """
    for choice, _ in planned(context, models):
        if isinstance(choice, ModelChoice) and choice.precision in NEEDS_A_VERDICT:
            _must_be_let_through(context, choice.precision, ids_of(choice))


def _must_be_let_through(context: Context, precision: str, models: Mapping[str, str]) -> None:
    verdict = newest_verdict(context.ops, models)
    if verdict is None:
        raise ModelError(
            f"{precision} was never measured for these models ({_named(models)}): run"
            f" `nightshelf fidelity` with the night's settings, then the night again; or {_FP32}"
        )
    if verdict.refusals:
        raise ModelError(
            f"{precision} was refused for these models on {verdict.measured_at:%Y-%m-%d}, measured"
            f" on {verdict.texts} texts: {'; '.join(verdict.refusals)}. Measure again on other"
            f" texts (`nightshelf fidelity --texts FILE`), or {_FP32}"
        )


def judge(context: Context, texts: Sequence[str]) -> None:
    """Measure, say and write down the verdict; raise `ModelError` where it is a refusal."""
    choice = context.choice
    if choice.precision == FP32:
        raise SettingsError(
            "NIGHTSHELF_PRECISION=fp32: there is nothing to measure, the others are measured"
            " against it; set the precision that you want to use"
        )
    models = {question: version.id for question, version in model_versions(choice).items()}
    found = measure(choice, texts)
    refusals = found.refusals
    write_verdict(
        context.ops,
        Verdict(
            **vars(found),
            models=models,
            precision=choice.precision,
            refusals=refusals,
            measured_at=context.clock(),
        ),
    )
    context.say(f"{choice.encoder} at {choice.precision} beside fp32, {found.texts} distinct texts")
    context.say(f"  mean cosine            {found.mean_cosine:7.4f}  at least {MEAN_COSINE}")
    context.say(f"  1st percentile of it   {found.low_cosine:7.4f}  at least {LOW_COSINE}")
    context.say(f"  labels that flip       {found.flips:7.2%}  at most {FLIPS:.2%}")
    if refusals:
        raise ModelError(f"{choice.precision} is refused: {'; '.join(refusals)}; {_FP32}")
    context.say(f"{choice.precision} is let through for these models: {_named(models)}")


def _named(models: Mapping[str, str]) -> str:
    return ", ".join(f"{question} {models[question]}" for question in sorted(models))
