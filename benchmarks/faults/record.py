"""Trials, one a line in a file that outlives the run; and what they add up to."""

import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

#: Raise it when trials are made or judged differently: older ones then no longer count.
PROTOCOL = 1

REPO = Path(__file__).parents[2]
#: Figures that every trial has; `redone_waves` is a maximum, the others are sums.
SUMS = ("lost", "duplicated", "partial", "silent", "unequal", "mixed_reads")
SUMS += ("publish_anomalies", "broken_trials")
MOST = ("redone_waves",)
#: What must hold of them.
GOALS: Mapping[str, int] = {**dict.fromkeys(SUMS, 0), "redone_waves": 1}


@dataclass(frozen=True)
class Trial:
    """
    `kind` and `name` say what was done, `found` what came of it: figure -> how many.

    `notes` say in words what was found wrong; `times` counts what a trial repeats within itself.
    """

    kind: str
    database: str
    name: str
    seed: int
    found: Mapping[str, int]
    seconds: float
    times: int = 1
    notes: tuple[str, ...] = ()
    commit: str = ""
    protocol: int = PROTOCOL

    @property
    def key(self) -> tuple[str, str, str, int]:
        return self.kind, self.database, self.name, self.seed


@dataclass
class Record:
    """
    The trials of this protocol, whatever the version of the code; others are kept in the file.

    `known` are those of this version by what was tried, which need not be done again.
    """

    path: Path
    commit: str
    trials: list[Trial] = field(default_factory=list)
    known: dict[tuple[str, str, str, int], Trial] = field(default_factory=dict)

    @classmethod
    def open(cls, path: Path, commit: str) -> "Record":
        record = cls(path, commit)
        for trial in _read(path):
            if trial.protocol == PROTOCOL:
                record._note(trial)
        return record

    def add(self, trial: Trial) -> None:
        """Count it, and write it down at once."""
        self._note(replace(trial, commit=self.commit))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # What a run that was cut off has begun to write must not swallow this line.
        begun = self.path.is_file() and self.path.read_bytes()[-1:] != b"\n"
        with self.path.open("a", encoding="utf-8") as file:
            file.write("\n" * begun)
            file.write(json.dumps({**asdict(trial), "commit": self.commit}) + "\n")

    def _note(self, trial: Trial) -> None:
        self.trials.append(trial)
        if trial.commit == self.commit:
            self.known[trial.key] = trial


def totals(trials: Iterable[Trial]) -> dict[str, int]:
    """
    >>> one = Trial("kill", "sqlite", "x", 1, {"lost": 2, "redone_waves": 1}, 0.5)
    >>> found = totals([one, one])
    >>> found["trials"], found["lost"], found["redone_waves"], found["silent"]
    (2, 4, 1, 0)
    """
    trials = list(trials)
    found = {"trials": sum(one.times for one in trials)}
    found |= {name: sum(one.found.get(name, 0) for one in trials) for name in SUMS}
    return found | {name: max((t.found.get(name, 0) for t in trials), default=0) for name in MOST}


def by_kind(trials: Iterable[Trial]) -> dict[str, int]:
    """How many trials of each kind and database there were."""
    counts: dict[str, int] = {}
    for one in trials:
        name = f"{one.kind}_{one.database}"
        counts[name] = counts.get(name, 0) + one.times
    return counts


def missed(found: Mapping[str, int]) -> list[str]:
    """The figures that miss their goal, in words."""
    return [
        f"{name} is {found[name]}, allowed is {most}"
        for name, most in GOALS.items()
        if found[name] > most
    ]


def code_version() -> str:
    """The commit that last changed the code under trial; marked where files differ from it."""
    of_code = ["--", "lib", "jobs"]
    commit = _git("log", "-1", "--format=%h", *of_code)
    return commit + ("+changes" if _git("status", "--porcelain", *of_code) else "")


def _git(*words: str) -> str:
    command = ["git", *words]
    done = subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "unknown"


def _read(path: Path) -> Iterator[Trial]:
    if not path.is_file():
        return
    for line in path.read_text("utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue  # a run was cut off while it wrote: that trial is done again
        yield Trial(**{**row, "notes": tuple(row["notes"])})
