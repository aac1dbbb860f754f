import os
import threading
import time

import psutil
import pytest
import sqlalchemy as sa

from nightshelf.errors import LeaseLost, NotReady
from nightshelf.night import lease, patience
from nightshelf.night.patience import wait_for
from nightshelf.ops import leases
from nightshelf.ops.leases import Claim
from nightshelf.ops.schema import LEASES

NAME = "date:2026-03-01"
QUICK = 0.002  # minutes: renewed every 30 ms


def row(context, name=NAME):
    with context.ops.begin() as db:
        return db.execute(sa.select(LEASES).where(LEASES.c.name == name)).mappings().one_or_none()


def owner(context, name=NAME):
    found = row(context, name)
    return found and found["owner"]


def eventually(holds):
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def ended(sleeper, named):
    process = sleeper()
    name = named(process.pid)
    process.kill()
    process.wait()
    return name


def zombie(sleeper, named):
    process = sleeper()
    name = named(process.pid)
    process.kill()
    eventually(lambda: psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    return name


HOLDERS = [
    ("it has ended", ended, True),
    ("it was killed and nobody has asked for its exit code", zombie, True),
    ("another has its number now", lambda s, named: named(os.getpid(), later=-60.0), True),
    ("it lives", lambda sleeper, named: named(sleeper().pid), False),
    ("it lives and the clock was set", lambda s, named: named(os.getpid(), later=1.5), False),
    ("another machine's", lambda s, named: "elsewhere:1:1.0", False),
    ("between two steps", lambda s, named: "", False),
    ("no process at all", lambda s, named: "nonsense", False),
]


@pytest.mark.parametrize(("holder", "free"), [h[1:] for h in HOLDERS], ids=[h[0] for h in HOLDERS])
def test_only_the_lease_of_a_dead_process_is_taken_at_once(context, sleeper, named, holder, free):
    assert lease.try_take(context, NAME, Claim("one", holder(sleeper, named))) is None
    found = lease.try_take(context, NAME, Claim("other"))
    assert (found, owner(context)) == ((None, "other") if free else ("one", "one"))


@pytest.mark.parametrize(("minutes", "free"), [(9.9, False), (10.1, True)])
def test_any_lease_runs_out(context, clock, minutes, free):
    lease.try_take(context, NAME, Claim("one", "elsewhere:1:1.0"))
    clock.forward(minutes=minutes)
    assert (lease.try_take(context, NAME, Claim("other")) is None) == free


def test_this_process_is_not_dead():
    assert not lease.is_dead(lease.this_process())


def test_of_several_dates_the_free_ones_are_taken(context):
    lease.must_take(context, "other", lease.date_lease("2026-02-02"))
    days = ["2026-02-01", "2026-02-02", "2026-02-03"]
    assert lease.take_more(context, "one", days) == ["2026-02-01", "2026-02-03"]
    assert [owner(context, lease.date_lease(day)) for day in days] == ["one", "other", "one"]


def test_what_another_has_cannot_be_had(context):
    lease.must_take(context, "one", NAME)
    lease.must_take(context, "one", NAME)
    with pytest.raises(LeaseLost, match=f"{NAME} is held by run one; wait for it to end"):
        lease.must_take(context, "other", NAME)


@pytest.mark.parametrize(("run", "left"), [("one", None), ("other", "one")])
def test_a_run_gives_back_only_its_own(context, run, left):
    lease.must_take(context, "one", NAME)
    lease.give_back(context, run, [NAME])
    assert owner(context) == left


# ------------------------------------------------------------------ held


def never():
    raise AssertionError("no lease was lost")


def test_held_renews_and_parks(new_context, clock):
    context = new_context(lease_minutes=QUICK)
    lease.must_take(context, "one", NAME)
    with lease.held(context, "one", [NAME], never):
        clock.forward(hours=1)
        eventually(lambda: row(context)["expires_at"] > clock().timestamp())
        assert row(context)["process"] == lease.this_process()
    assert (row(context)["owner"], row(context)["process"]) == ("one", "")


def test_held_parks_when_the_work_fails(context):
    lease.must_take(context, "one", NAME)
    with pytest.raises(ZeroDivisionError), lease.held(context, "one", [NAME], never):
        raise ZeroDivisionError
    assert (row(context)["owner"], row(context)["process"]) == ("one", "")
    assert not [thread for thread in threading.enumerate() if thread.name == "lease"]


def test_held_says_when_another_run_takes_it(new_context, clock):
    context = new_context(lease_minutes=QUICK)
    lost = threading.Event()
    kept = lease.date_lease("2026-02-01")
    for name in (kept, NAME):
        lease.must_take(context, "one", name)
    with lease.held(context, "one", [kept, NAME], lost.set):
        # As from a machine that has not seen us renew in time.
        late = clock().timestamp() + 3600
        leases.acquire(context.ops, NAME, Claim("other"), now=late, seconds=600)
        assert lost.wait(5)
    assert (owner(context, kept), owner(context)) == ("one", "other")


def test_held_goes_on_after_the_database_was_away(new_context, clock, monkeypatch):
    context = new_context(lease_minutes=QUICK)
    lease.must_take(context, "one", NAME)
    acquire, away = leases.acquire, iter([True, True])

    def sometimes(*args, **kwargs):
        if next(away, False):
            raise sa.exc.OperationalError("INSERT", {}, Exception("database is locked"))
        return acquire(*args, **kwargs)

    monkeypatch.setattr(leases, "acquire", sometimes)
    with lease.held(context, "one", [NAME], never):
        clock.forward(hours=1)
        eventually(lambda: row(context)["expires_at"] > clock().timestamp())


# ------------------------------------------------------------------ patience


def test_waiting_ends_when_the_holder_gives_back(context, lines, monkeypatch):
    lease.must_take(context, "one", lease.ASKING)
    naps = iter([lambda: None, lambda: lease.give_back(context, "one", [lease.ASKING])])
    monkeypatch.setattr(patience.time, "sleep", lambda _: next(naps)())
    wait_for(context, "other", lease.ASKING)
    assert owner(context, lease.ASKING) == "other"
    assert lines == ["waiting for run one, which holds asking"]


def test_waiting_has_an_end(context):
    lease.must_take(context, "one", lease.ASKING)
    with pytest.raises(NotReady, match=r"run one has held asking for -1 hours; is it stuck\?"):
        wait_for(context, "other", lease.ASKING, hours=-1)
