"""Held releases: approved as audited, audited again, dismissed; later dates go on."""

from dataclasses import replace

import pytest

from nightshelf.errors import AuditError, LeaseLost, NightshelfError
from nightshelf.lakehouse.catalog import local_name
from nightshelf.lakehouse.rollback import rollback
from nightshelf.names import REVIEW_SENTIMENT
from nightshelf.night.approve import approve_run, dismiss_run
from nightshelf.night.assemble import assemble_and_audit
from nightshelf.night.lease import date_lease, give_back, try_take
from nightshelf.night.waiting import waiting
from nightshelf.ops import runs
from nightshelf.ops.decisions import Decision
from nightshelf.ops.leases import Claim


def reviews(first, count, body):
    return [
        {"review_id": f"r{n}", "product_id": f"p{n % 3}", "body": f"{body} {n}"}
        for n in range(first, first + count)
    ]


@pytest.fixture
def held(shop):
    """The second night is all complaints: the audit holds it for drift."""
    shop.land("reviews", reviews(0, 120, "great"), "2026-03-01")
    shop.night("2026-03-01")
    shop.land("reviews", reviews(200, 120, "terrible"), "2026-03-02")
    with pytest.raises(AuditError, match=r"label_drift is 1.0"):
        shop.night("2026-03-02", run="sale")
    set_state(shop, "sale", runs.HELD)
    return shop


def set_state(shop, run, state):
    runs.update_run(shop.context.ops, run, state=state, error="held: label_drift is 1.0")


def job(shop, run="sale"):
    """The Spark part of a step in this process, as `jobs/assemble.py` does it."""

    def do(step):
        assert step == "assemble"
        try:
            assemble_and_audit(shop.session, shop.context, run)
        except NightshelfError as error:
            runs.update_run(shop.context.ops, run, error=str(error))
            return error.exit_code
        return 0

    return do


def decision(shop, reason="a sale"):
    return Decision("ada", reason, shop.clock())


def approve(shop):
    approve_run(shop.context, "sale", decision(shop), job(shop))


def test_later_dates_are_released_meanwhile_and_it_is_audited_on_top_of_them(held):
    held.land("reviews", reviews(400, 120, "great"), "2026-03-03")
    assert held.night("2026-03-03")["release"] == 2
    assert len(held.sentiment()) == 240
    # The picture of the later day is now part of what it changes: a person has to look again.
    with pytest.raises(AuditError, match="is not what was audited"):
        approve(held)
    assert runs.read_run(held.context.ops, "sale")["state"] == "held"
    assert len(held.releases()) == 2
    approve(held)
    assert len(held.sentiment()) == 360
    assert held.releases()[-1].reason.startswith("approved by ada")


def test_another_release_at_this_moment_is_assembled_upon(held):
    # Of an earlier day: a later one's picture would be part of what the held run changes.
    held.land("catalog", [{"product_id": "p9", "title": "Lamp"}], "2026-02-20")
    work, times = job(held), []

    def racing(step):
        code = work(step)
        times.append(step)
        if len(times) == 1:
            held.night("2026-02-20", run="beside")
        return code

    approve_run(held.context, "sale", decision(held), racing)
    assert len(times) == 2
    assert [one.run for one in held.releases()][1:] == ["beside", "sale"]
    assert len(held.sentiment()) == 240


def test_what_was_audited_is_released_with_who_let_it_pass_and_why(held):
    [line] = waiting(held.context.ops, held.releases())
    assert line.startswith(" held  sale of 2026-03-02: lake.shelf.review_sentiment: label_drift")
    assert try_take(held.context, date_lease("2026-03-02"), Claim("other")) is None
    with pytest.raises(LeaseLost, match="held by run other"):
        approve(held)
    row = runs.read_run(held.context.ops, "sale")
    assert (row["state"], row["error"]) == ("held", "held: label_drift is 1.0")
    give_back(held.context, "other", [date_lease("2026-03-02")])

    approve(held)
    newest = held.releases()[-1]
    assert (newest.release, newest.kind, newest.run) == (2, "night", "sale")
    assert newest.reason.startswith("approved by ada (a sale): lake.shelf.review_sentiment: label_")
    assert len(held.sentiment()) == 240
    row = runs.read_run(held.context.ops, "sale")
    assert (row["state"], row["release"], row["decision"]["who"]) == ("released", 2, "ada")
    with pytest.raises(NightshelfError, match="no release of a run sale is held"):
        approve(held)


def test_what_lost_rows_since_is_held_again_and_can_only_be_dismissed(held):
    table = held.context.catalog.load_table("shop.review_versions")
    table.delete("review_id = 'r200'")
    with pytest.raises(AuditError, match="is not what was audited, or violates more"):
        approve(held)
    # Rows are lost now, and nobody may approve that.
    with pytest.raises(NightshelfError, match=r"cannot be approved: versions_lost of lake.shop.la"):
        approve(held)
    assert len(held.releases()) == 1
    dismiss_run(held.context, "sale", decision(held, "spam"))
    assert list(waiting(held.context.ops, held.releases())) == []
    row = runs.read_run(held.context.ops, "sale")
    assert (row["state"], row["decision"]["reason"]) == ("dismissed", "spam")
    refs = held.context.catalog.load_table(local_name(REVIEW_SENTIMENT)).refs()
    assert "run_sale" not in refs
    # It does not come back with a later night.
    held.land("reviews", reviews(400, 120, "great"), "2026-03-03")
    held.night("2026-03-03")
    assert len(held.sentiment()) == 240


def test_after_a_rollback_what_violates_nothing_any_more_is_released_without_a_word(held):
    held.land("reviews", reviews(400, 120, "great"), "2026-03-03")
    held.night("2026-03-03")
    rollback(held.context.catalog, 1, reason="", now=held.clock())
    held.context = replace(held.context, settings=replace(held.settings, max_label_drift=1.0))
    approve(held)
    assert (held.releases()[-1].release, held.releases()[-1].reason) == (4, "")
    assert len(held.sentiment()) == 240
    [line] = waiting(held.context.ops, held.releases())
    assert line.startswith(" withdrawn  2026-03-03 by release 3")
