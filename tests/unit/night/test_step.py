from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from nightshelf import errors
from nightshelf.names import STEPS
from nightshelf.night import jobs, publish, step
from nightshelf.night.estimate import Estimate
from nightshelf.night.lease import ASKING, date_lease, must_take, this_process
from nightshelf.night.submit import MARK, end_jobs, job_mark
from nightshelf.ops import runs
from nightshelf.ops.schema import LEASES

DATE, EARLIER = "2026-03-01", "2026-02-01"
RUN = step.run_name(DATE, "manual__1")


def leases(context):
    with context.ops.begin() as db:
        rows = db.execute(sa.select(LEASES.c.name, LEASES.c.owner, LEASES.c.process)).all()
    return {name: (owner, process) for name, owner, process in rows}


def run_step(context, name):
    job = jobs.each_by_itself(context, DATE, RUN, {})
    step.run_step(context, name, date=DATE, run=RUN, job=job)


def state(context):
    row = runs.read_run(context.ops, RUN)
    return row["state"], row["step"], row["error"]


def planned(context):
    now = context.clock()
    estimate = Estimate(parts=(), planned_at=now, deadline=now)
    runs.update_run(context.ops, RUN, estimate=estimate.as_dict())


class Jobs:
    """Instead of spark-submit: each job ends with the next code, having said what it says."""

    def __init__(self, context):
        self.context, self.submitted, self.marks = context, [], []
        self.codes, self.said, self.leases, self.dates = iter(()), None, [], {}

    @contextmanager
    def __call__(self, settings, job, arguments, environ, mark):
        self.submitted.append(job)
        self.marks.append(mark)
        self.leases.append(leases(self.context))
        assert list(arguments) == ["--run", RUN]
        yield self

    def wait(self):
        if self.dates:
            runs.update_run(self.context.ops, RUN, dates=self.dates)
        if self.said:
            runs.update_run(self.context.ops, RUN, error=self.said)
        return next(self.codes, 0)


@pytest.fixture(name="jobs")
def submitted_jobs(context, monkeypatch):
    made = Jobs(context)
    monkeypatch.setattr(jobs, "submitted", made)
    return made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((DATE, "a"), (DATE, "a"), True),
        ((DATE, "a"), (DATE, "b"), False),
        ((DATE, "a"), (EARLIER, "a"), False),
    ],
)
def test_a_run_is_named_by_its_date_and_origin(one, other, same):
    assert (step.run_name(*one) == step.run_name(*other)) == same


SAID = "reviews.parquet: no such column"
CODES = [
    (10, SAID, errors.SettingsError, SAID),
    (11, SAID, errors.ContractError, SAID),
    (12, SAID, errors.AuditError, SAID),
    (14, SAID, errors.NotReady, SAID),
    (15, SAID, errors.LeaseLost, SAID),
    (17, SAID, errors.ModelError, SAID),
    (19, SAID, errors.OverCap, SAID),
    (10, None, errors.SettingsError, "step ingest failed; its log says why"),
    (1, None, errors.JobError, "the job of step ingest ended with exit code 1; run the night"),
    (143, None, errors.JobError, "ended with exit code 143"),
    (-9, None, errors.JobError, "the job of step ingest was killed by signal 9; run the night"),
]


@pytest.mark.parametrize(("code", "said", "error", "message"), CODES)
def test_a_job_that_fails_is_an_error_in_its_own_words(context, jobs, code, said, error, message):
    jobs.codes, jobs.said = iter([code]), said
    with pytest.raises(errors.NightshelfError, match=message) as caught:
        run_step(context, "ingest")
    assert type(caught.value) is error
    expected = runs.HELD if error in (errors.AuditError, errors.OverCap) else runs.FAILED
    assert state(context) == (expected, "ingest", str(caught.value))
    assert leases(context) == {}


def test_a_run_keeps_its_dates_from_step_to_step_and_then_gives_them_back(
    context, jobs, monkeypatch
):
    monkeypatch.setattr(publish, "publish_run", lambda context, run: None)
    jobs.dates = {DATE: "the night itself", EARLIER: "new f.parquet"}
    for name in STEPS[:-1]:
        if name == "plan":
            planned(context)
        run_step(context, name)
        parked = {date_lease(DATE): (RUN, "")}
        if name != "ingest":  # which takes other dates itself, in its job
            parked[date_lease(EARLIER)] = (RUN, "")
        assert leases(context) == parked
    at_work = (RUN, this_process())
    dates = {date_lease(DATE): at_work, date_lease(EARLIER): at_work}
    assert jobs.leases == [{date_lease(DATE): at_work}, dates | {ASKING: at_work}, dates]
    run_step(context, STEPS[-1])
    assert leases(context) == {}
    assert jobs.submitted == ["ingest", "ask", "assemble"]


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize(
    "error", [errors.JobError("disk full"), SystemExit(143), ZeroDivisionError()], ids=repr
)
def test_whatever_ends_a_step_its_leases_are_given_back(context, monkeypatch, name, error):
    def fail(*_):
        raise error

    runs.open_run(context.ops, RUN, date=DATE, step="ingest", now=context.clock())
    runs.update_run(context.ops, RUN, dates={DATE: "", EARLIER: ""})
    monkeypatch.setitem(step._STEPS, name, fail)
    with pytest.raises(type(error)):
        run_step(context, name)
    assert leases(context) == {}


@pytest.mark.parametrize(
    ("error", "ends_as", "settled"),
    [
        (errors.AuditError("keys are unique"), runs.HELD, 1),
        (errors.OverCap("too many"), runs.HELD, 1),
        (errors.JobError("x"), runs.FAILED, 0),
    ],
)
def test_only_a_held_run_has_judged_its_input(context, monkeypatch, error, ends_as, settled):
    def fail(*_):
        file = {"dataset": "reviews", "date": DATE, "name": "f", "bytes": 1, "mtime_ns": 1}
        files = {"files": [file | {"sha256": "s", "mode": None}]}
        runs.update_run(context.ops, RUN, dates={DATE: ""}, files=files)
        raise error

    monkeypatch.setitem(step._STEPS, "assemble", fail)
    with pytest.raises(type(error)):
        run_step(context, "assemble")
    assert state(context) == (ends_as, "assemble", str(error))
    assert len(runs.known_files(context.ops, "reviews")) == settled


def test_a_step_that_is_tried_again_forgets_its_error(context, jobs):
    jobs.codes = iter([-9, 0])
    with pytest.raises(errors.JobError):
        run_step(context, "ingest")
    run_step(context, "ingest")
    assert state(context) == (runs.RUNNING, "ingest", None)


@pytest.mark.parametrize(
    ("name", "date"), [("ingest", DATE), ("ask", DATE), ("ask", EARLIER), ("release", EARLIER)]
)
def test_a_date_of_another_run_stops_the_step(context, jobs, name, date):
    runs.open_run(context.ops, RUN, date=DATE, step="ingest", now=context.clock())
    runs.update_run(context.ops, RUN, dates={DATE: "", EARLIER: ""})
    must_take(context, "other", date_lease(date))
    with pytest.raises(errors.LeaseLost, match=f"date:{date} is held by run other"):
        run_step(context, name)
    assert jobs.submitted == []
    assert leases(context) == {date_lease(date): ("other", this_process())}


def test_ingest_that_is_tried_again_leaves_a_date_that_another_run_took_since(context, jobs):
    runs.open_run(context.ops, RUN, date=DATE, step="ingest", now=context.clock())
    runs.update_run(context.ops, RUN, dates={DATE: "", EARLIER: ""})
    must_take(context, "other", date_lease(EARLIER))
    jobs.dates = {DATE: "the night itself"}
    run_step(context, "ingest")
    assert leases(context)[date_lease(EARLIER)] == ("other", this_process())


def test_jobs_of_an_earlier_attempt_are_ended_before_the_step_begins(context, jobs, sleeper, lines):
    left = sleeper(**{MARK: job_mark(context.settings, DATE, "host:1:1.0")})
    run_step(context, "ingest")
    assert left.wait(5) is not None
    assert lines == [f"ended 1 processes of an earlier attempt at {DATE}"]


def test_a_job_bears_the_mark_of_its_date_and_step(context, jobs):
    run_step(context, "ingest")
    assert jobs.marks == [job_mark(context.settings, DATE, this_process())]


def test_who_loses_a_date_ends_only_his_own_jobs(context, sleeper, monkeypatch):
    ours = job_mark(context.settings, DATE, this_process())
    new_owners = sleeper(**{MARK: job_mark(context.settings, DATE, "host:1:1.0")})
    sleeper(**{MARK: ours})
    ended = []
    monkeypatch.setattr(step, "end_jobs", lambda mark: ended.append(end_jobs(mark)))
    monkeypatch.setattr(step, "end_this_process", lambda: ended.append("this process"))
    step.lost(ours)
    assert ended == [1, "this process"]
    assert new_owners.poll() is None


# ------------------------------------------------------------------ ask and release


@pytest.mark.parametrize("codes", [[0], [-9]])
def test_asking_is_given_back_however_it_ends(context, jobs, codes):
    jobs.codes = iter(codes)
    try:
        run_step(context, "ask")
    except errors.JobError:
        assert codes == [-9]
    assert ASKING in jobs.leases[0]
    assert ASKING not in leases(context)


@pytest.mark.parametrize(
    ("conflicts", "assembled", "released"),
    [(0, 0, True), (1, 1, True), (4, 4, True), (5, 4, False)],
)
def test_a_release_that_comes_second_is_assembled_again(
    context, jobs, monkeypatch, conflicts, assembled, released
):
    left = iter([errors.ReleaseConflict("release 8 came after 7")] * conflicts)

    def publish_run(context, run):
        if conflict := next(left, None):
            raise conflict

    monkeypatch.setattr(publish, "publish_run", publish_run)
    if released:
        run_step(context, "release")
    else:
        with pytest.raises(errors.ReleaseConflict, match="release 8 came after 7"):
            run_step(context, "release")
    assert jobs.submitted == ["assemble"] * assembled
    assert leases(context) == {}
