"""Make a trained model the one that nights ask: only on figures, and a worse one for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from nightshelf.errors import AuditError, ModelError, SettingsError
from nightshelf.models.versions import versions_of
from nightshelf.names import SENTIMENT
from nightshelf.night.activation import carry_out, changes, must_differ, preview
from nightshelf.night.active import active_versions, questions_named
from nightshelf.night.context import Context, utc_now
from nightshelf.night.evidence import literal
from nightshelf.night.frozen import newest_release
from nightshelf.night.trained import registered
from nightshelf.ops import actions, runs
from nightshelf.ops.comparisons import MACRO_F1, Comparison, identity_id, newest_comparison
from nightshelf.ops.decisions import Decision
from nightshelf.ops.trainings import folders
from nightshelf.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """`before` is None as long as no version of the question is active."""

    question: str
    version: str
    before: str | None
    comparison: Comparison | None

    @property
    def objection(self) -> str:
        """Why only a person's reason can promote it; empty where nothing speaks against it."""
        found = self.comparison
        if found is None:
            return "it was never compared with what answers now"
        if not found.rated:
            return "the comparison's texts have no stars, so nothing says which of them is right"
        a, b, less = found.scores[MACRO_F1]
        if less[0] < 0:
            return f"its macro-F1 is worse: {b[0]:.3f} after {a[0]:.3f}, on {found.rated:,} texts"
        return ""

    @property
    def may_pass(self) -> bool:
        """Whether a reason helps: not where figures are missing that could be had."""
        return self.comparison is not None or self.before is None


def candidate_of(context: Context, question: str, version: str) -> Candidate:
    """
    With the newest comparison of it with the active version, or with the sentiment head as long
    as there is none. Raise as `registered` does.
    """
    registered(context, question, version)
    before = active_versions(context).get(question)
    rows = {row["id"]: row for row in runs.model_ids(context.ops, question)}
    now = _identity(rows[before]) if before in rows else _head(context)
    found = newest_comparison(context.ops, now, _identity(rows[version])) if now else None
    return Candidate(question=question, version=version, before=before, comparison=found)


def promote(
    context: Context, wanted: Candidate, who: str, reason: str, environ: Mapping[str, str]
) -> None:
    """
    Activate it; raise `AuditError` where something speaks against it and no reason is given.

    Without a comparison with the active version no reason helps: nobody knows then what it is for.
    """
    for line in evidence(wanted):
        context.say(line)
    if not wanted.may_pass:
        raise AuditError(
            f"{wanted.version} of {wanted.question} is not promoted: {wanted.objection}. First:"
            f" `nightshelf models compare active {wanted.version} --question {wanted.question}"
            " --data FILE`"
        )
    if wanted.objection and not reason.strip():
        raise AuditError(
            f"{wanted.version} of {wanted.question} is not promoted: {wanted.objection}. To do it"
            ' all the same, say why: --reason "…"; it is kept with your name'
        )
    found = changes(context, wanted.question, wanted.version)
    must_differ(found)
    newest = newest_release(context)
    if newest and wanted.question in newest.models:
        preview(context, found, who, environ)
    else:
        context.say(f"no release shows {wanted.question} yet, so nothing becomes stale")
    if wanted.question not in {name for one in context.choices for name in questions_named(one)}:
        context.say(f"no night asks {wanted.question} until NIGHTSHELF_CLASSIFIERS' file names it")
    why = reason.strip() or "no worse than what was active"
    subject = f"{wanted.question} {wanted.version}"
    actions.note(context.ops, actions.PROMOTE, subject, Decision(who, why, context.clock()))
    carry_out(context, found, who, environ)
    context.say(
        "rows that were published stay as they are until they are answered again: `nightshelf"
        f" reanswer --question {wanted.question} --yes`"
    )


def evidence(wanted: Candidate) -> list[str]:
    """What a person has to see before they decide; no text of a row is in it."""
    found = wanted.comparison
    about = f"{wanted.question}: {wanted.version} in place of {wanted.before or 'none'}"
    if found is None:
        return [f"{about}; no comparison is on record"]
    lines = [
        f"{about}; compared {found.at:%Y-%m-%d %H:%M} by {found.who} on {found.texts:,} texts"
        f" ({found.texts_sha256[:12]}), {found.rated:,} of them with stars;"
        f" {found.flip_share:.1%} get another label"
    ]
    for name, triple in found.scores.items():
        a, b, less = (f"{v:.3f} ({low:.3f} to {high:.3f})" for v, low, high in triple)
        lines.append(f"  {name}: {a} before, {b} after, difference {less}")
    return lines


def evidence_for_a_person(question: str, folder: str) -> str | None:
    """As Markdown, of the model registered from a folder; None where no reason would help."""
    context = Context(Settings.from_environ(), utc_now, print)
    known = folders(context.ops, question).get(folder)
    wanted = candidate_of(context, question, known[0]) if known else None
    if wanted is None or not wanted.may_pass:
        return None
    said = "\n".join(f"- {literal(line)}" for line in (wanted.objection, *evidence(wanted)))
    return (
        f"{said}\n\n**Promote** lets it answer all the same, for the reason that you give, which is"
        " kept with your name. **Leave** lets the active model stay."
    )


def _identity(row: Mapping[str, object]) -> str:
    identity = row["identity"]
    if not isinstance(identity, Mapping) or not identity:
        raise ModelError(
            f"the entry of {row['question']} {row['id']} in the operations database's table models"
            " is corrupt: it has no identity. What is active stays active"
        )
    return identity_id(identity)


def _head(context: Context) -> str | None:
    try:
        return identity_id(versions_of([context.choice])[SENTIMENT].identity)
    except (SettingsError, ModelError) as error:
        context.say(f"{SENTIMENT}: {error}")
        return None
