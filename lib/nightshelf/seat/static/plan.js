// Tonight's plan against its caps and its deadline, and how far running nights are.

import { Bar, Facts, h, Panel, State } from "./parts.js";
import { compact, count, dayAndTime, known, money, share, span, tableName, time } from "./words.js";

const React = globalThis.React;
const CAPS = { rows: "Texts", tokens: "Tokens", cost: "Cost" };

function Cap({ cap, currency }) {
  const said = (value) => (cap.name === "cost" ? money(value, currency) : count(value));
  const text = cap.most ? `${said(cap.planned)} of at most ${said(cap.most)}` : `${said(cap.planned)}, no cap`;
  return h("div", { className: "ns-cap" },
    h("div", { className: "ns-row ns-apart" }, h("span", null, CAPS[cap.name]),
      h("span", { className: cap.over ? "ns-tone-bad ns-strong-text" : "" }, text, cap.over ? " – over" : "")),
    cap.most ? h(Bar, {
      value: cap.planned, most: cap.most, label: `${CAPS[cap.name]}: ${text}`, tone: cap.over ? "bad" : "busy",
    }) : null);
}

const why = (causes) => Object.entries(causes).map(([name, times]) => `${count(times)} ${name.replaceAll("_", " ")}`).join(", ");

function deadline(plan) {
  if (!plan.finish) return [time(plan.deadline), "when it is done is not known before a night was measured"];
  const gap = (new Date(plan.deadline) - new Date(plan.finish)) / 1000;
  return [time(plan.deadline), plan.late ? `${span(-gap)} too late` : `${span(gap)} to spare`];
}

export function Plan({ plan }) {
  const [by, spare] = deadline(plan);
  const priced = plan.cost > 0 || plan.caps.some((cap) => cap.name === "cost" && cap.most);
  return h(React.Fragment, null,
    h("div", { className: "ns-caps" }, plan.caps.filter((cap) => cap.name !== "cost" || priced)
      .map((cap) => h(Cap, { key: cap.name, cap, currency: plan.currency }))),
    h(Facts, {
      pairs: [
        ["Asking takes", known(plan.seconds) ? span(plan.seconds) : "not measured yet"],
        ["Done at about", plan.finish ? time(plan.finish) : "not known yet"],
        ["Deadline", h("span", { className: plan.late ? "ns-tone-bad ns-strong-text" : "" }, by), spare],
      ],
    }),
    h("table", { className: "ns-table" },
      h("thead", null, h("tr", null, ["Question", "To ask", "Reused", "Why"].map((name) => h("th", { key: name, scope: "col" }, name)))),
      h("tbody", null, plan.questions.map((one) => h("tr", { key: one.question },
        h("th", { scope: "row" }, one.question), h("td", { className: "ns-number" }, count(one.to_ask)),
        h("td", { className: "ns-number" }, count(one.reused)), h("td", null, why(one.causes)))))));
}

export function Tonight({ asked }) {
  const plan = asked.found;
  const aside = plan && plan.run ? h("span", { className: "ns-small" }, `${plan.date} `, h(State, { state: plan.state })) : null;
  return h(Panel, { title: "The last plan", asked, aside }, (found) => (found.run
    ? h(Plan, { plan: found })
    : h("p", { className: "ns-muted" }, "No night was planned yet.")));
}

function Part({ part }) {
  const name = part.questions.join(" and ");
  const text = `${count(part.done)} of ${count(part.texts)} texts`;
  return h("div", { className: "ns-part" },
    h("div", { className: "ns-row ns-apart" }, h("b", null, name), h("span", null, text)),
    h(Bar, { value: part.done, most: part.texts, label: `${name}: ${text}` }),
    h(Facts, {
      pairs: [
        ["Texts/s", compact(part.rows_per_second || null)],
        ["Tokens/s", compact(part.tokens_per_second || null)],
        ["Padding", part.waves ? share(part.padding_share) : "–"],
        ["Devices busy", part.waves ? share(part.busy_share) : "–"],
        ["To go", span(part.seconds_left), part.eta ? `until ${time(part.eta)}` : ""],
      ],
    }));
}

function Run({ run }) {
  const place = run.steps.indexOf(run.step);
  return h("div", { className: "ns-run" },
    h("h3", null, run.date.includes(":") ? tableName(run.date.replace(":", " ")) : run.date, " ", h(State, { state: run.state })),
    h("ol", { className: "ns-steps", "aria-label": `Step ${place + 1} of ${run.steps.length}: ${run.step}` },
      run.steps.map((step, n) => h("li", {
        key: step, className: n < place ? "ns-done" : n === place ? "ns-now" : "", "aria-current": n === place ? "step" : undefined,
      }, step))),
    run.parts.map((part) => h(Part, { key: part.questions.join(), part })),
    h("p", { className: "ns-small" }, `Run ${run.run}, started ${dayAndTime(run.started_at)}`));
}

export function Live({ asked }) {
  if (asked.found ? !asked.found.runs.length : !asked.error) return null;
  return h(Panel, { title: "Running now", asked }, (found) => found.runs.map((run) => h(Run, { key: run.run, run })));
}
