"""A score as a figure: with its interval, the number of texts, and the goal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.figure import Figure, Goal, at_least, at_most, number
from nightshelf.training.evaluation import Estimate, Evaluation

#: Of the issue that asked for trained models; macro-F1 and accuracy by set.
GOALS: Mapping[str, Goal] = {
    "clothing_2_accuracy": at_least(0.965),
    "clothing_2_macro_f1": at_least(0.92),
    "clothing_2_calibration_error": at_most(0.010),
    "clothing_2_surest_accuracy": at_least(0.99),
    "clothing_3_accuracy": at_least(0.86),
    "clothing_3_macro_f1": at_least(0.70),
    "clothing_3_calibration_error": at_most(0.012),
    "uci_2_accuracy": at_least(0.95),
    "clothing_on_uci_macro_f1": at_least(0.91),
    "clothing_on_devices_macro_f1": at_least(0.78),
}
WHAT = {
    "accuracy": "accuracy",
    "macro_f1": "macro-F1",
    "calibration_error": "calibration error in 15 equally full bins",
    "surest_accuracy": "accuracy on the surest 90 %",
    "recall_negative": "recall of negative reviews",
}


@dataclass(frozen=True)
class Scored:
    """`name` has no goal if `GOALS` has none; `count` texts were asked."""

    name: str
    what: str
    count: int
    estimate: Estimate

    @property
    def figure(self) -> Figure:
        return Figure(
            name=f"sentiment_{self.name}",
            what=self.what,
            goal=GOALS.get(self.name),
            values=(self.estimate.value,),
        )


def scored(name: str, what: str, found: Evaluation) -> list[Scored]:
    return [
        Scored(f"{name}_{measure}", f"{what}: {WHAT[measure]}", found.count, estimate)
        for measure, estimate in found.scores.items()
    ]


def table(rows: Sequence[Scored]) -> str:
    lines = ["| figure | value | 95 % | n | goal | holds | what |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        figure, bounds = row.figure, (row.estimate.low, row.estimate.high)
        cells = (
            f"`{figure.name}`",
            number(row.estimate.value),
            " to ".join(map(number, bounds)),
            f"{row.count:,}",
            "" if figure.goal is None else str(figure.goal),
            figure.verdict,
            row.what,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
