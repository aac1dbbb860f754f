// The tab on a run: what it came to, why it was held, and how its texts ended.

import { urlOf } from "./ask.js";
import { Facts, h, Panel, State, Table, useAsked, Words } from "./parts.js";
import { Plan } from "./plan.js";
import { compact, count, dayAndTime, money, seconds, share, span, tableName } from "./words.js";

const React = globalThis.React;
const ENDS = ["current", "answered", "abstained", "failed", "deferred"];

function Outcome({ run }) {
  return h(React.Fragment, null,
    h(Facts, {
      pairs: [
        ["State", h(State, { state: run.state })], ["Step", run.step],
        ["Texts asked", count(run.asked), `${compact(run.tokens)} tokens`], ["Answers reused", count(run.reused)],
        ["Failed", count(run.failed)], run.cost ? ["Cost", money(run.cost, run.currency)] : null,
        ["Took", span(seconds(run.started_at, run.ended_at)), `of it asking ${span(run.usage.seconds)}`],
        ["Padding", share(run.usage.padding_share)], ["Devices busy", share(run.usage.busy_share)],
        run.release ? ["Release", count(run.release)] : null, ["Run", run.run],
      ],
    }),
    run.error ? h("p", { className: "ns-refused" }, run.error) : null,
    h("p", null, h("a", { href: urlOf(`runs/${run.run}/report`), target: "_blank", rel: "noopener" }, "The whole report, to read, print or mail")),
    run.decision ? h("p", { className: "ns-note" }, run.decision.approved ? "Approved by " : "Rejected by ", h(Words, null, run.decision.who), ": ", h(Words, null, run.decision.reason)) : null);
}

function Detail({ run }) {
  return h(React.Fragment, null, h(Outcome, { run }),
    run.evidence.length ? h("div", null, h("h3", null, "What does not hold"),
      h("ul", { className: "ns-evidence" }, run.evidence.map((one) => h("li", { key: one.said }, h("b", null, `${tableName(one.table)}: `), one.said)))) : null,
    h("h3", null, "The books"), run.ends.length
      ? h(Table, { names: ["Table", ...ENDS], rows: run.ends.map((one) => [tableName(one.table), ...ENDS.map((end) => count(one[end]))]) })
      : h("p", { className: "ns-muted" }, "Nothing was assembled yet."),
    Object.keys(run.failures).length ? h(Table, { names: ["Failed for", "Texts"], rows: Object.entries(run.failures).map(([why, times]) => [why, count(times)]) }) : null,
    run.plan ? h("div", null, h("h3", null, "The plan"), h(Plan, { plan: run.plan })) : null,
    h("h3", null, "Waves"), h(Table, {
      names: ["Wave", "Started", "Took", "Texts", "Tokens"],
      rows: run.waves.map((one) => [String(one.wave), dayAndTime(one.started_at), span(one.seconds), count(one.texts), count(one.tokens)]),
    }),
    h("p", { className: "ns-small" }, "Models: ", Object.entries(run.models).map(([question, id]) => `${question} ${id}`).join(" · ")));
}

export function RunTab({ dagId, runId }) {
  const path = `run-of?dag=${encodeURIComponent(dagId)}&origin=${encodeURIComponent(runId)}`;
  const asked = useAsked(path, 0, 15);
  return h("div", { className: "nightshelf" }, h(Panel, { title: "What this run came to", asked }, (run) => h(Detail, { run })));
}
