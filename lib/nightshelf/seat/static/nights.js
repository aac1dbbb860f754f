// The month by date, and what a night came to.

import { Button, Facts, h, Panel, State } from "./parts.js";
import { compact, count, money, seconds, span, STATES, stateOf, time } from "./words.js";

const React = globalThis.React;
const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const LEGEND = ["released", "held", "failed", "running", "missing"];

const shifted = (date, days) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
const weekday = (date) => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
const named = (date) => `${Number(date.slice(8))} ${MONTHS[Number(date.slice(5, 7)) - 1]}`;

function label(one, currency) {
  const state = stateOf(one.state).word;
  if (!one.run) return `${named(one.date)}: ${state}`;
  return `${named(one.date)}: ${state}, ${count(one.asked)} texts asked, ${count(one.reused)} reused,`
    + ` ${count(one.failed)} failed, ${count(one.rejected)} rejected, ${money(one.cost, currency)}`;
}

function Cell({ one, isFirst, chosen, choose, currency }) {
  const { mark, tone } = stateOf(one.state);
  const day = one.date.slice(8);
  return h("button", {
    type: "button", "aria-pressed": chosen, "aria-label": label(one, currency),
    className: `ns-day ns-tone-${tone}`, onClick: () => choose(one.date),
  }, h("span", { className: "ns-day-date" }, isFirst || day === "01" ? named(one.date) : String(Number(day))),
    h("span", { className: "ns-mark", "aria-hidden": true }, mark),
    h("span", { className: "ns-day-count" }, one.run ? compact(one.asked) : ""));
}

export function Night({ one, currency, hasPrices }) {
  const took = seconds(one.started_at, one.ended_at);
  return h("div", { className: "ns-night", "aria-live": "polite" },
    h("h3", null, one.date, " ", h(State, { state: one.state }), one.run ? h("small", null, ` run ${one.run}`) : null),
    one.run ? h(Facts, {
      pairs: [
        ["Texts asked", count(one.asked), `${compact(one.tokens)} tokens`],
        ["Answers reused", count(one.reused)],
        ["Failed", count(one.failed)],
        ["Rows rejected", count(one.rejected)],
        hasPrices ? ["Cost", money(one.cost, currency)] : null,
        ["Started", time(one.started_at), took ? `took ${span(took)}` : ""],
        one.release ? ["Release", count(one.release)] : null,
      ],
    }) : h("p", { className: "ns-muted" }, one.state === "missing"
      ? "No run of this date. Start it with a backfill, below, if its input has landed."
      : "No night was due."),
    one.error ? h("p", { className: "ns-refused" }, one.error) : null);
}

export function Calendar({ asked, until, setUntil }) {
  const [chosen, setChosen] = React.useState(null);
  const last = asked.found ? asked.found.last : null;
  const aside = last ? h("div", { className: "ns-row" },
    h(Button, { onClick: () => setUntil(shifted(last, -30)), "aria-label": "30 days earlier" }, "‹"),
    h("span", { className: "ns-small" }, `${named(asked.found.first)} – ${named(last)} ${last.slice(0, 4)}`),
    h(Button, { onClick: () => setUntil(shifted(last, 30)), "aria-label": "30 days later", disabled: until === null }, "›"),
    until ? h(Button, { onClick: () => setUntil(null) }, "Latest") : null) : null;
  return h(Panel, { title: "Nights", asked, aside, className: "ns-calendar" }, (found) => {
    const days = found.days;
    const selected = days.find((one) => one.date === chosen)
      || [...days].reverse().find((one) => one.run) || days[days.length - 1];
    return h(React.Fragment, null,
      h("div", { className: "ns-grid", role: "group", "aria-label": "One button a date" },
        WEEKDAYS.map((day) => h("span", { key: day, className: "ns-weekday", "aria-hidden": true }, day)),
        Array.from({ length: weekday(days[0].date) }, (_, n) => h("span", { key: `x${n}` })),
        days.map((one, n) => h(Cell, {
          key: one.date, one, isFirst: n === 0, choose: setChosen,
          chosen: one.date === selected.date, currency: found.currency,
        }))),
      h("p", { className: "ns-legend", "aria-hidden": true }, LEGEND.map((name) =>
        h("span", { key: name, className: `ns-tone-${STATES[name].tone}` },
          h("span", { className: "ns-mark" }, STATES[name].mark), STATES[name].word)),
        h("span", null, "number: texts asked")),
      h(Night, { one: selected, currency: found.currency, hasPrices: found.has_prices }));
  });
}

