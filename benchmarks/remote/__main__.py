"""
Misbehave as a server can, and count what becomes of the rows and of the money.

    python -m benchmarks.remote [--quick] [--seed S] [--only WORDS]
"""

import argparse
import sys
from collections.abc import Sequence

from benchmarks.remote.judging import Judged, play, whole_cost
from benchmarks.remote.scenarios import ALL, SOUND

#: Of each part one in so many.
_QUICK = 5


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="make faults-remote", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one in five")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="scenarios whose names hold these words")
    given = parser.parse_args(arguments)
    chosen = [one for one in ALL if given.only in f"{one.name} {one.form}"][
        :: _QUICK if given.quick else 1
    ]
    say("| misbehaviour | form | rows | answered | failed | deferred | wrong | lost | twice |")
    say("|---|---|---|---|---|---|---|---|---|")
    found = []
    for scenario in chosen:
        cost = whole_cost(scenario, given.seed) if scenario.cap else 0
        found.append(play(scenario, given.seed, cost))
        say(row_of(found[-1]))
    return report(found)


def row_of(one: Judged) -> str:
    cells = (one.name, one.form, one.rows, one.answered, one.failed, one.deferred)
    counts = (one.wrong, one.lost, one.doubles)
    note = f" {one.trouble}" if one.trouble else ""
    note += " billed more than booked" if one.undercounted else ""
    return f"| {' | '.join(map(str, cells + counts))} |{note}"


def report(found: Sequence[Judged]) -> int:
    """Print the figures; 1 where one misses its goal."""
    capped = [one for one in found if one.name in SOUND]
    zero = {
        "wrong_rows": sum(one.wrong for one in found),
        "lost_rows": sum(one.lost for one in found),
        "double_submissions": sum(one.doubles for one in found),
        "undercounted": sum(one.undercounted for one in found),
        "broken_trials": sum(bool(one.trouble) for one in found),
    }
    over = max((one.over for one in found), default=0.0)
    under = max((one.under for one in capped), default=0.0)
    say(f"FIGURE misbehaviours {sum(one.name not in SOUND for one in found)}")
    for name, value in zero.items():
        say(f"FIGURE {name} {value}")
    say(f"FIGURE spend_over_cap {over:.4f}")
    say(f"FIGURE spend_below_cap {under:.4f}")
    return int(any(zero.values()) or over > 0 or under > 0.01 or not found)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
