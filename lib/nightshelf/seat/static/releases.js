// Releases, newest first: what each changed, and the way back to one.

import { act, look } from "./ask.js";
import { Button, h, Panel } from "./parts.js";
import { count, dayAndTime, known, tableName } from "./words.js";

const React = globalThis.React;
const KINDS = {
  night: "a night", rollback: "a rollback", reanswer: "answers renewed", switch: "vectors switched", maintenance: "tables folded",
};

const signed = (value) => (value > 0 ? `+${count(value)}` : count(value));

function change(table) {
  if (!table.changed) return "unchanged";
  if (!known(table.more_rows)) return "changed";
  return table.more_rows ? `${signed(table.more_rows)} rows` : "changed, as many rows";
}

function summary(one) {
  const changed = one.tables.filter((table) => table.changed);
  const told = changed.slice(0, 2).map((table) => `${tableName(table.table)} ${change(table)}`);
  if (changed.length > 2) told.push(`${changed.length - 2} more tables`);
  const models = one.models.filter((model) => model.before).map((model) => `${model.question} by another model`);
  return [...told, ...models].join(", ") || "the same content";
}

function Details({ one }) {
  return h("details", null, h("summary", null, summary(one)),
    h("table", { className: "ns-table" },
      h("thead", null, h("tr", null, ["Table", "Rows", "Against the one before"].map((name) => h("th", { key: name, scope: "col" }, name)))),
      h("tbody", null, one.tables.map((table) => h("tr", { key: table.table },
        h("th", { scope: "row" }, tableName(table.table)), h("td", { className: "ns-number" }, count(table.rows)), h("td", null, change(table)))))),
    h("p", { className: "ns-small" }, one.models.map((model) =>
      `${model.question}: ${model.version}${model.before ? ` (before: ${model.before})` : ""}`).join(" · ")),
    h("p", { className: "ns-small" }, `Run ${one.run}`));
}

const rollback = (one) => ({
  title: `Let readers see release ${one.release} again?`, word: "Roll back", kind: "danger",
  consequence: `At once, and as a release of its own. Dates released since ${dayAndTime(one.released_at)} are withdrawn until their nights are run again.`,
  run: (reason) => act(`releases/${one.release}/rollback`, { reason }),
});

function Row({ one, mayAct, decide }) {
  const of = one.dates.length ? one.dates.join(", ") : "";
  return h("li", { className: one.is_shown ? "ns-release ns-shown" : "ns-release" },
    h("div", { className: "ns-release-head" },
      h("b", null, `Release ${one.release}`),
      one.is_newest ? h("span", { className: "ns-badge" }, "what readers see") : null,
      h("span", { className: "ns-small" }, `${dayAndTime(one.released_at)} · ${KINDS[one.kind] || one.kind}${of ? ` · ${of}` : ""}`)),
    one.withdrawn.length ? h("p", { className: "ns-small" }, `Withdraws ${one.withdrawn.join(", ")}`) : null,
    one.reason ? h("p", { className: "ns-quote" }, one.reason) : null,
    h(Details, { one }),
    one.can_roll_back ? h(Button, {
      disabled: !mayAct, onClick: () => decide(rollback(one)), "aria-label": `Roll back to release ${one.release}`,
    }, "Roll back to it…") : one.is_newest ? null : h("span", { className: "ns-small" }, one.is_shown ? "readers see the same" : "not kept any more"));
}

export function Releases({ asked, mayAct, decide }) {
  const [older, setOlder] = React.useState({ of: null, found: [], next: null, error: null });
  const first = asked.found;
  const more = older.of === first ? older : { found: [], next: first ? first.next : null, error: null };
  const load = async () => {
    try {
      const page = await look(`releases?limit=20&before=${more.next}`);
      setOlder({ of: first, found: [...more.found, ...page.releases], next: page.next, error: null });
    } catch (refused) {
      setOlder({ ...more, of: first, error: refused.message });
    }
  };
  return h(Panel, { title: "Releases", asked }, (found) => {
    const all = [...found.releases, ...more.found];
    if (!all.length) return h("p", { className: "ns-muted" }, "Nothing has been released yet.");
    return h(React.Fragment, null,
      h("ol", { className: "ns-releases" }, all.map((one) => h(Row, { key: one.release, one, mayAct, decide }))),
      more.error ? h("p", { className: "ns-refused", role: "alert" }, more.error) : null,
      more.next ? h(Button, { onClick: load }, "Older releases") : null);
  });
}
