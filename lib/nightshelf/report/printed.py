"""The report of a run in a few lines, for a terminal."""

from collections.abc import Iterator, Mapping

from nightshelf.report.shape import RunReport
from nightshelf.report.text import visible
from nightshelf.report.words import money, number, share, span, table, when


def printed(report: RunReport) -> Iterator[str]:
    """Lines in which nothing can act on the terminal, whatever names and reasons hold."""
    return (visible(line) for line in _lines(report))


def _lines(report: RunReport) -> Iterator[str]:
    yield f"{report['run']} of {report['date']}: {report['status']}"
    yield report["verdict"]
    took = f", took {span(report['seconds'])}" if report["seconds"] is not None else ""
    yield f"began {when(report['started_at'])}{took}"
    for reason in report["reasons"]:
        yield f"  held    {reason['sentence']}"
    for action in report["actions"]:
        yield f"  do      {action['what']}: {action['command']}"
    if decision := report["decision"]:
        yield f"  {decision['what']} {decision['who']} {decision['reason']}".rstrip()
    yield from _rows(report)
    yield from _asking(report)
    yield from _judged(report)
    yield from _models(report)


def _rows(report: RunReport) -> Iterator[str]:
    for one in report["accounting"]["landings"]:
        yield (
            f"  rows    {one['dataset']} {one['date']}: {number(one['read'])} read ="
            f" {number(one['accepted'])} accepted + {number(one['rejected'])} rejected"
            f" + {number(one['duplicate'])} duplicate{_holds(holds=one['holds'])}"
        )
    for end in report["accounting"]["outcomes"]:
        yield (
            f"  rows    {table(end['table'])}: {number(end['current'])} current ="
            f" {number(end['answered'])} answered + {number(end['abstained'])} abstained"
            f" + {number(end['failed'])} failed + {number(end['deferred'])} deferred"
            f"{_holds(holds=end['holds'])}"
        )
    if reasons := report["rejected"]["reasons"]:
        yield f"  away    {_counted(reasons)}"
    for change in report["release"]["changes"]:
        yield (
            f"  change  {table(change['table'])}: {number(change['added'])} added,"
            f" {number(change['changed'])} changed, {number(change['removed'])} removed"
        )


def _asking(report: RunReport) -> Iterator[str]:
    for one in report["questions"]:
        why = f" ({_counted(one['causes'])})" if one["causes"] else ""
        yield (
            f"  asked   {one['question']}: {number(one['to_ask'])} of {number(one['contents'])}"
            f" texts{why}, {number(one['reused'])} answered before"
        )
    waves = report["waves"]
    if waves["count"]:
        all_of = waves["total"]
        yield (
            f"  speed   {waves['count']} waves, {number(all_of['texts_per_second'])} texts/s,"
            f" {number(all_of['tokens_per_second'])} tokens/s, {share(all_of['padding_share'])}"
            f" padding, devices {share(all_of['busy_share'])} busy"
        )
    if reasons := report["failures"]["reasons"]:
        yield f"  failed  {_counted(reasons)}"
    cost = report["cost"]
    if not cost["note"]:
        planned, actual = (money(cost[name], cost["currency"]) for name in ("planned", "actual"))
        yield f"  cost    {actual}, planned {planned}"
    for step in report["steps"]:
        yield f"  step    {step['step']}: {step['state']}, {span(step['seconds'])}"


def _judged(report: RunReport) -> Iterator[str]:
    audit = report["audit"]
    if audit["checks"] and not audit["note"]:
        yield f"  audit   {len(audit['checks'])} expectations, {audit['failed']} do not hold"


def _models(report: RunReport) -> Iterator[str]:
    for one in report["models"]:
        name = f"{one['name']} at {one['revision']}, " if one["name"] else ""
        yield f"  model   {one['question']}: {name}version {one['version']}"


def _counted(found: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number(count)}" for name, count in found.items())


def _holds(*, holds: bool) -> str:
    return "" if holds else "  DOES NOT ADD UP"
