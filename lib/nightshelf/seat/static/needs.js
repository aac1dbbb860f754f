// What waits for a person, with the evidence, and the action beside it.

import { act, pageOfDag } from "./ask.js";
import { Button, h, Panel, State, Words } from "./parts.js";
import { count, dayAndTime, money, tableName } from "./words.js";

const CAPS = {
  rows: (value) => `${count(value)} texts`,
  tokens: (value) => `${count(value)} tokens`,
  cost: (value, currency) => money(value, currency),
};
const KINDS = {
  release: (one) => [`The release of ${one.date} is held`, "held"],
  plan: (one) => [`The plan of ${one.date} is over its cap`, "held"],
  failed: (one) => [`The night of ${one.date} failed`, "failed"],
  stopped: (one) => [`The night of ${one.date} stands still`, "stopped"],
  withdrawn: (one) => [`${one.date} was taken from readers by release ${one.release}`, "withdrawn"],
};

function tasks(one) {
  const run = (path, body) => (reason) => act(`runs/${one.run}/${path}`, { ...body, reason });
  return {
    approve: {
      label: "Approve…", kind: "strong", word: "Approve and release",
      title: `Release the night of ${one.date}?`,
      consequence: "It is assembled again and released if it is still what was audited. That takes about a minute.",
      run: run("approve"),
    },
    reject: {
      label: "Reject…", kind: "danger", word: "Reject",
      title: `Reject the night of ${one.date}?`,
      consequence: "Readers keep the last release. What was assembled is discarded; answers stay, so nothing is paid twice.",
      run: run("reject"),
    },
    take: {
      label: "Take what fits…", kind: "strong", word: "Take what fits",
      title: `Ask the part of ${one.date} that fits?`,
      consequence: "The most valuable texts within the cap are asked now. The rest is published as deferred and comes first in the next night.",
      run: run("caps", { over_cap: "take" }),
    },
    raise: {
      label: "Raise the cap…", word: "Raise the cap",
      title: `Raise the cap for the night of ${one.date}?`,
      consequence: `For this run only: ${Object.entries(one.raised || {})
        .map(([name, most]) => CAPS[name](most, one.plan.currency)).join(", ")}. All texts are asked.`,
      run: run("caps", one.raised || {}),
    },
    dismiss: {
      label: "It stays withdrawn…", word: "Leave it withdrawn",
      title: `Leave ${one.date} withdrawn?`,
      consequence: "It is not asked for again. To bring it back, run its night again.",
      run: (reason) => act(`dates/${one.date}/dismiss`, { reason }),
    },
  };
}

function Evidence({ one }) {
  const lines = [];
  for (const found of one.evidence || []) {
    lines.push(h("li", { key: found.said }, found.table ? h("b", null, `${tableName(found.table)}: `) : null, found.said));
  }
  for (const cap of (one.plan ? one.plan.caps : []).filter((cap) => cap.over)) {
    const said = CAPS[cap.name];
    lines.push(h("li", { key: cap.name },
      h("b", null, said(cap.planned, one.plan.currency)), " to ask; ",
      `at most ${said(cap.most, one.plan.currency)} allowed`));
  }
  if (!lines.length && one.error) lines.push(h("li", { key: "error" }, one.error));
  return lines.length ? h("ul", { className: "ns-evidence" }, lines) : null;
}

const DECIDED = { approve: "approved it", reject: "rejected it", caps: "decided on its cap" };

function advice(one) {
  if (one.replaced_by) return `Run ${one.replaced_by} has worked on this date since: what it came to counts.`;
  if (one.kind === "release" && !one.actions.includes("approve")) {
    return "This says that data is lost or wrong, not unusual: nobody can approve it. Mend the cause and run the night again, or reject it.";
  }
  if (one.kind === "release") return "The night is unusual, not broken. Approve it if you know why.";
  if (one.kind === "plan") return "Nothing was asked and nothing was spent; readers see the last release.";
  if (one.kind === "failed") return "Open the run in Airflow: the red task's log says why. When that is mended, clear the task; nothing is asked twice.";
  if (one.kind === "stopped") return "Its process is gone. Clear the task in Airflow; it goes on where it was.";
  return "Run its night again, or say that it stays as it is.";
}

function Item({ one, mayAct, decide }) {
  const [title, state] = (KINDS[one.kind] || ((it) => [String(it.kind), "held"]))(one);
  const known = tasks(one);
  return h("li", { className: "ns-need" },
    h("div", { className: "ns-need-text" },
      h("h3", null, title, " ", h(State, { state })),
      h(Evidence, { one }),
      h("p", { className: "ns-muted" }, advice(one)),
      one.decided ? h("p", { className: "ns-note" },
        h(Words, null, one.decided.who), ` ${DECIDED[one.decided.action] || "decided"} at ${dayAndTime(one.decided.at)}: `, h(Words, null, one.decided.reason)) : null,
      one.run ? h("p", { className: "ns-small" }, `Run ${one.run}, since ${dayAndTime(one.since)}`) : null),
    h("div", { className: "ns-need-acts" },
      one.actions.filter((name) => known[name]).map((name) => h(Button, {
        key: name, kind: known[name].kind, disabled: !mayAct, onClick: () => decide(known[name]),
        title: mayAct ? undefined : "Your role may look, not decide",
      }, known[name].label)),
      one.actions.includes("open") ? h("a", { className: "ns-button ns-plain", href: pageOfDag("nightly") }, "Open in Airflow") : null));
}

export function Needs({ asked, mayAct, decide }) {
  return h(Panel, { title: "Needs you", asked }, (found) => found.items.length
    ? h("ul", { className: "ns-needs" },
      found.items.map((one) => h(Item, { key: `${one.kind} ${one.run || one.date}`, one, mayAct, decide })),
      found.more ? h("li", null, `… and ${found.more} more`) : null)
    : h("p", { className: "ns-calm" }, "Nothing waits for you."));
}
