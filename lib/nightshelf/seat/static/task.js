// The tab on a task: how its step went, and the parts of the run's report that concern it.

import { askAirflow, urlOf } from "./ask.js";
import { Button, Facts, h, Panel, State, Table, useAsked, Words } from "./parts.js";
import { SECTIONS } from "./sections.js";
import { dayAndTime, share, span, visible } from "./words.js";

const React = globalThis.React;
const { useEffect, useState } = React;
const PAGE = 20;

function Why({ task }) {
  return h(React.Fragment, null,
    task.error && !task.reasons.length ? h("p", { className: "ns-refused" }, h(Words, null, visible(task.error))) : null,
    task.reasons.length ? h("div", null, h("h3", null, "Why the run is held"),
      h("ul", { className: "ns-evidence" }, task.reasons.map((one, n) => h("li", { key: n }, h(Words, null, visible(one.sentence)),
        one.table ? ` (${one.is_judgement ? "yours to judge" : "data is lost or wrong"})` : null)))) : null,
    task.actions.length ? h("div", null, h("h3", null, "What to do"),
      h("ul", { className: "ns-evidence" }, task.actions.map((one, n) => h("li", { key: n }, h(Words, null, visible(one.what)), " ",
        h("code", null, visible(one.command)))))) : null);
}

const Attempts = ({ found }) => (found.length ? h("div", null, h("h3", null, "Attempts"), h(Table, {
  names: ["Began", "Ended", "Took", "State"],
  rows: found.map((one) => [dayAndTime(one.started_at), dayAndTime(one.ended_at), span(one.seconds), h(State, { state: one.state })]),
})) : null);

/** Pages of the rejected rows, where there are more than one. */
function Pages({ rejected, offset, turn }) {
  if (!rejected || (!offset && rejected.sample.length < PAGE)) return null;
  return h("div", { className: "ns-row" },
    h(Button, { disabled: !offset, onClick: () => turn(Math.max(0, offset - PAGE)) }, "Rows before"),
    h("span", { className: "ns-small" }, rejected.sample.length ? `from row ${offset + 1}` : "no more rows"),
    h(Button, { disabled: rejected.sample.length < PAGE, onClick: () => turn(offset + PAGE) }, "Rows after"));
}

function Detail({ task, offset, turn }) {
  const busy = task.waves ? task.waves.total.busy_share : null;
  return h(React.Fragment, null,
    h(Facts, {
      pairs: [
        ["Step", task.step], ["State", h(State, { state: task.status })], ["Took", span(task.seconds), "all attempts"],
        ["Date", visible(task.date)], busy === null ? null : ["Devices busy", share(busy)], ["Run", h(Words, null, visible(task.run))],
      ],
    }),
    h(Why, { task }),
    h(Attempts, { found: task.attempts }),
    Object.entries(SECTIONS).map(([name, Section]) => (task[name] === undefined || task[name] === null ? null
      : h(Section, { key: name, found: task[name], task }))),
    h(Pages, { rejected: task.rejected, offset, turn }),
    h("p", null, h("a", { href: urlOf(`runs/${task.run}/report`), target: "_blank", rel: "noopener" }, "The report of the whole run, to read, print or mail")));
}

/** A step of `run`; where that is not known yet, of the run that `path` finds once it has begun. */
function Step({ path = null, step, run = null }) {
  const [begun, setBegun] = useState(run);
  const [offset, setOffset] = useState(0);
  const first = useAsked(begun ? null : path, 0, 15);
  const asked = useAsked(begun ? `runs/${encodeURIComponent(begun)}/steps/${encodeURIComponent(step)}?offset=${offset}&rows=${PAGE}` : null, 0, 15);
  useEffect(() => { if (first.found) setBegun(first.found.run); }, [first.found]);
  return h(Panel, { title: "What this task came to", asked: begun ? asked : first },
    (task) => h(Detail, { task, offset, turn: setOffset }));
}

/** The run that a task of the DAG `approve` lets pass stands in the parameters of its DAG run. */
function Approval({ runId }) {
  const [run, setRun] = useState(null);
  const [error, setError] = useState(null);
  useEffect(() => {
    askAirflow("GET", `dags/approve/dagRuns/${encodeURIComponent(runId)}`)
      .then((found) => setRun(String((found.conf || {}).run)), (refused) => setError(refused.message));
  }, [runId]);
  if (error) return h("p", { className: "ns-refused", role: "alert" }, error);
  return run ? h(Step, { step: "approve", run }) : null;
}

export function TaskTab({ dagId, runId, taskId }) {
  const path = `step-of?dag=${encodeURIComponent(dagId)}&origin=${encodeURIComponent(runId)}&step=${encodeURIComponent(taskId)}`;
  return h("div", { className: "nightshelf" }, dagId === "approve" ? h(Approval, { runId }) : h(Step, { path, step: taskId }));
}
