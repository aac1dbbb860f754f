// Small plots, drawn as SVG: one measure each, its limit where it has one, and its numbers as text.

import { h, Panel } from "./parts.js";
import { compact, known, money, share } from "./words.js";

const React = globalThis.React;
const WIDTH = 320, HEIGHT = 120, LEFT = 42, RIGHT = 8, TOP = 10, BOTTOM = 20;
const DAY = 86400000;

/** A round number not below `value`, to draw up to. */
function roundedUp(value) {
  if (!(value > 0)) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * size).find((step) => step >= value * 0.999);
}

function scaled(trend, most) {
  const first = Date.parse(trend.first), days = Math.max((Date.parse(trend.last) - first) / DAY, 1);
  return {
    x: (date) => LEFT + ((Date.parse(date) - first) / DAY / days) * (WIDTH - LEFT - RIGHT),
    y: (value) => TOP + (1 - value / most) * (HEIGHT - TOP - BOTTOM),
  };
}

function Line({ points, at, name }) {
  const shown = points.filter((point) => known(point.value));
  if (!shown.length) return null;
  const path = shown.map((point, n) => `${n ? "L" : "M"}${at.x(point.date).toFixed(1)} ${at.y(point.value).toFixed(1)}`).join("");
  const last = shown[shown.length - 1];
  return h("g", { className: `ns-line ns-line-${name}` },
    h("path", { d: path }),
    h("circle", { cx: at.x(last.date), cy: at.y(last.value), r: 2.6 }));
}

function Axis({ trend, at, most, said }) {
  return h("g", { className: "ns-axis" },
    [0, most / 2, most].map((value) => h("g", { key: value },
      h("line", { x1: LEFT, x2: WIDTH - RIGHT, y1: at.y(value), y2: at.y(value) }),
      h("text", { x: LEFT - 5, y: at.y(value) + 3, textAnchor: "end" }, said(value)))),
    h("text", { x: LEFT, y: HEIGHT - 5 }, trend.first.slice(5)),
    h("text", { x: WIDTH - RIGHT, y: HEIGHT - 5, textAnchor: "end" }, trend.last.slice(5)));
}

function Plot({ trend, title, lines, said, limit, note }) {
  const values = lines.flatMap((line) => line.points.map((point) => point.value)).filter(known);
  if (!values.length) {
    return h("figure", { className: "ns-plot" }, h("figcaption", null, title),
      h("p", { className: "ns-muted" }, "Not measured in these days."));
  }
  const most = roundedUp(Math.max(...values, known(limit) ? limit * 1.05 : 0));
  const at = scaled(trend, most);
  const latest = lines.map((line) => [line.name, [...line.points].reverse().find((point) => known(point.value))])
    .filter(([, point]) => point);
  const text = `${title}, ${trend.first} to ${trend.last}. `
    + latest.map(([name, point]) => `${name || "Last"}: ${said(point.value)} on ${point.date}`).join("; ")
    + `. Lowest ${said(Math.min(...values))}, highest ${said(Math.max(...values))}.`
    + (known(limit) ? ` The limit is ${said(limit)}.` : "");
  return h("figure", { className: "ns-plot" },
    h("figcaption", null, title, latest.length === 1 ? h("b", null, said(latest[0][1].value)) : null),
    h("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": text },
      h(Axis, { trend, at, most, said }),
      known(limit) ? h("line", { className: "ns-limit", x1: LEFT, x2: WIDTH - RIGHT, y1: at.y(limit), y2: at.y(limit) }) : null,
      lines.map((line) => h(Line, { key: line.name || "one", points: line.points, at, name: line.name || "one" }))),
    latest.length > 1 ? h("p", { className: "ns-legend" }, latest.map(([name, point]) =>
      h("span", { key: name }, h("i", { className: `ns-swatch ns-line-${name}`, "aria-hidden": true }), `${name} ${said(point.value)}`))) : null,
    note || known(limit) ? h("p", { className: "ns-small" }, note || `dashed: a night over ${said(limit)} is held`) : null);
}

const column = (trend, read) => trend.points.map((point) => ({ date: point.date, value: read(point) }));

function Numbers({ trend }) {
  const names = ["Date", "Negative", "Neutral", "Positive", "Drift", "Failed", "Tokens/s", "Cost per 1,000"];
  const cells = (point) => [
    ...["negative", "neutral", "positive"].map((label) => share(point.shares ? point.shares[label] || 0 : null)),
    share(point.drift), share(point.failed_share), compact(point.tokens_per_second),
    money(point.cost_per_1000, trend.currency),
  ];
  return h("details", { className: "ns-numbers" }, h("summary", null, "The same as numbers"),
    h("div", { className: "ns-scroll", tabIndex: 0, role: "region", "aria-label": "Trends as numbers" }, h("table", { className: "ns-table" },
      h("thead", null, h("tr", null, names.map((name) => h("th", { key: name, scope: "col" }, name)))),
      h("tbody", null, [...trend.points].reverse().map((point) => h("tr", { key: point.date },
        h("th", { scope: "row" }, point.date),
        cells(point).map((cell, n) => h("td", { key: n, className: "ns-number" }, cell))))))));
}

export function Trends({ asked }) {
  return h(Panel, { title: "Trends", asked }, (trend) => {
    if (!trend.points.length) return h("p", { className: "ns-muted" }, "No night has run in these days.");
    const one = (read) => [{ points: column(trend, read) }];
    return h(React.Fragment, null, h("div", { className: "ns-plots" },
      h(Plot, {
        trend, title: "Sentiment of the day's reviews", said: share, note: " ",
        lines: ["positive", "neutral", "negative"].map((name) => ({
          name, points: column(trend, (point) => (point.shares ? point.shares[name] || 0 : null)),
        })),
      }),
      h(Plot, { trend, title: "Drift against the day before", lines: one((point) => point.drift), said: share, limit: trend.limits.drift }),
      h(Plot, { trend, title: "Texts that failed", lines: one((point) => point.failed_share), said: share, limit: trend.limits.failed_share }),
      h(Plot, { trend, title: "Tokens per second", lines: one((point) => point.tokens_per_second), said: compact }),
      trend.has_prices ? h(Plot, {
        trend, title: "Cost per 1,000 texts", lines: one((point) => point.cost_per_1000), said: (value) => String(Number(value.toPrecision(2))),
        note: `in ${trend.currency}`,
      }) : null), h(Numbers, { trend }));
  });
}
