// The parts of a report that a task can have, each under its name in the answer of the route.

import { Facts, h, Table, Words } from "./parts.js";
import { compact, count, dayAndTime, known, money, share, span, tableName, visible } from "./words.js";

const React = globalThis.React;
const words = (text) => h(Words, null, visible(known(text) ? text : "–"));
const Part = ({ title, children }) => h("div", null, h("h3", null, title), children);
const muted = (text) => h("p", { className: "ns-muted" }, text);
const counts = (found) => Object.entries(found).map(([name, times]) => `${count(times)} ${visible(name).replaceAll("_", " ")}`).join(", ");
const Note = ({ text }) => (text ? h("p", { className: "ns-note" }, visible(text)) : null);
const adds = (holds) => (holds ? "✓ adds up" : "✕ does not add up");

const byReason = (found, what) => h(Table, {
  names: ["Reason", what], rows: Object.entries(found).map(([why, times]) => [words(why), count(times)]),
});

function Accounting({ found }) {
  if (!found.landings.length && !found.outcomes.length) return h(Part, { title: "The books" }, muted("Nothing was counted yet."));
  return h(Part, { title: "The books" },
    found.landings.length ? h(Table, {
      names: ["Landing", "Read", "Accepted", "Rejected", "Duplicate", "Read = the rest"],
      rows: found.landings.map((one) => [words(`${one.dataset} ${one.date}`), count(one.read), count(one.accepted),
        count(one.rejected), count(one.duplicate), adds(one.holds)]),
    }) : null,
    found.outcomes.length ? h(Table, {
      names: ["Table", "Current", "Answered", "Abstained", "Failed", "Deferred", "Current = the rest"],
      rows: found.outcomes.map((one) => [tableName(visible(one.table)), count(one.current), count(one.answered),
        count(one.abstained), count(one.failed), count(one.deferred), adds(one.holds)]),
    }) : null);
}

const Questions = ({ found }) => (found.length ? h(Part, { title: "What is asked, and why" }, h(Table, {
  names: ["Question", "Rows", "Texts", "Answered before", "To ask", "Why", "Answers"],
  rows: found.map((one) => [words(one.question), count(one.rows), count(one.contents), count(one.reused), count(one.to_ask),
    words(counts(one.causes) || "–"), words(counts(one.answers) || "–")]),
})) : null);

function Plan({ found, task }) {
  const { planned, actual, caps, over } = found;
  if (!planned) return null;
  const currency = visible(task.cost.currency);
  const line = (name, show, field, cap) => [name, show(planned[field]), show(actual[field]),
    cap && caps[cap] ? `${show(caps[cap])}${over.includes(cap) ? " – the plan is over it" : ""}` : "none"];
  const priced = (value) => money(value, currency);
  return h(Part, { title: found.is_exact ? "The plan" : "The plan, estimated from a sample" }, h(Table, {
    names: ["", "Planned", "So far", "Cap"],
    rows: [line("Texts", count, "texts", "rows"), line("Tokens", count, "tokens", "tokens"), line("Time of asking", span, "seconds"),
      line("Cost", priced, "cost", "cost")],
  }), h("p", { className: "ns-small" }, `Deadline ${dayAndTime(found.deadline)}, done at about ${dayAndTime(found.finish)}`),
  h(Note, { text: task.cost.note }));
}

function Waves({ found }) {
  const all = found.total;
  if (!found.count) return h(Part, { title: "Waves" }, muted("No wave is committed yet."));
  return h(Part, { title: "Waves" },
    h(Facts, {
      pairs: [
        ["Texts", count(all.texts), `${compact(all.tokens)} tokens`], ["Time", span(all.seconds)],
        ["Speed", `${count(all.tokens_per_second)} tokens/s`, `${count(all.texts_per_second)} texts/s`],
        ["Padding", share(all.padding_share)], ["Restarts of hosts", count(all.restarts)], ["Peak memory", `${count(all.peak_mb)} MB`],
      ],
    }),
    h(Table, {
      names: ["Wave", "Started", "Took", "Texts", "Tokens", "Tokens/s", "Padding", "Busy"],
      rows: found.waves.slice(-12).map((one) => [String(one.wave), dayAndTime(one.started_at), span(one.seconds), count(one.texts),
        count(one.tokens), count(one.tokens_per_second), share(one.padding_share), share(one.busy_share)]),
    }));
}

const Failures = ({ found }) => h(Part, { title: "What failed" },
  Object.keys(found.reasons).length ? byReason(found.reasons, "Texts") : muted("No text failed."),
  found.sample.length ? h(Table, {
    names: ["Id", "Table", "Reason", "Model version"],
    rows: found.sample.map((one) => [words(one.id), tableName(visible(one.table)), words(one.reason), words(one.model_version)]),
  }) : null);

const Rejected = ({ found }) => h(Part, { title: "What was turned away" },
  found.total ? h(React.Fragment, null, byReason(found.reasons, "Rows"),
    h(Table, {
      names: ["File", "Landing", "Reason", "Rows"],
      rows: found.files.map((one) => [words(one.file), words(`${one.dataset} ${one.date}`), words(one.reason), count(one.rows)]),
    }),
    found.more_files ? muted(`And ${count(found.more_files)} more pairs of file and reason.`) : null,
    found.sample.length ? h(Table, {
      names: ["File", "Row", "Field", "Reason"],
      rows: found.sample.map((one) => [words(one.file), known(one.row) ? count(one.row) : "whole file", words(one.field), words(one.reason)]),
    }) : null) : muted("Nothing was turned away."),
  h(Note, { text: found.note }));

const figure = (value) => (known(value) ? String(Number(value.toPrecision(4))) : "–");
const bounds = (one) => [known(one.at_least) ? `≥ ${figure(one.at_least)}` : "", known(one.at_most) ? `≤ ${figure(one.at_most)}` : ""]
  .filter(Boolean).join(", ") || "–";

const Audit = ({ found }) => h(Part, { title: "The audit" },
  found.checks.length ? h(Table, {
    names: ["Table", "Expectation", "Measured", "Allowed", "Holds"],
    rows: found.checks.map((one) => [tableName(visible(one.table)), words(one.expectation), figure(one.measured), bounds(one),
      one.holds ? "✓ yes" : one.is_judgement ? "‖ no, yours to judge" : "✕ no"]),
  }) : muted("It was not audited yet."),
  h(Note, { text: found.note }));

const Models = ({ found }) => (found.length ? h(Part, { title: "Models" }, h(Table, {
  names: ["Question", "Version", "Name", "Revision", "Licence"],
  rows: found.map((one) => [words(one.question), words(one.version), words(one.name), words(one.revision), words(one.licence)]),
})) : null);

const Release = ({ found }) => (found.changes.length ? h(Part, { title: found.number ? `Release ${found.number}` : "What it would release" }, h(Table, {
  names: ["Table", "Before", "Added", "Changed", "Removed", "After"],
  rows: found.changes.map((one) => [tableName(visible(one.table)), ...["before", "added", "changed", "removed", "after"].map((name) => count(one[name]))]),
}), found.withdrawn_by ? h("p", { className: "ns-note" }, `Withdrawn by release ${found.withdrawn_by}.`) : null) : null);

const Decision = ({ found }) => h("p", { className: "ns-note" }, words(`${found.what} by ${found.who}`), ": ", words(found.reason));

export const SECTIONS = {
  decision: Decision, accounting: Accounting, questions: Questions, plan: Plan, waves: Waves, failures: Failures,
  rejected: Rejected, audit: Audit, release: Release, models: Models,
};
