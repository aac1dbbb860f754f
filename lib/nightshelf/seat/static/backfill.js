// Several nights at once: what would run, what it may cost, then start, pause and cancel.

import { Again } from "./again.js";
import { askAirflow } from "./ask.js";
import { Button, Facts, h, Panel } from "./parts.js";
import { count, dayAndTime, money, plural, span } from "./words.js";

const React = globalThis.React;
const DAG = "nightly";
const AGAIN = { none: "only dates without a run", failed: "those, and dates that failed", completed: "all dates, also those that are done" };
const OVER = { "as set": "as the settings say", hold: "hold the night", take: "ask the part that fits", ignore: "ask everything" };

const DONE = { pause: "is paused", unpause: "goes on", cancel: "is cancelled; what runs now is let end" };

const body = (wish) => ({
  dag_id: DAG, from_date: `${wish.from}T00:00:00Z`, to_date: `${wish.to}T23:59:59Z`,
  reprocess_behavior: wish.again, max_active_runs: Number(wish.runs), run_backwards: wish.backwards,
  dag_run_conf: { over_cap: wish.over },
});

/** What a night of these days took on average, times the nights. */
function expected(calendar, nights) {
  const done = calendar ? calendar.days.filter((one) => one.run && one.asked) : [];
  if (!done.length) return null;
  const mean = (read) => done.reduce((sum, one) => sum + read(one), 0) / done.length;
  const took = (one) => (one.started_at && one.ended_at ? (new Date(one.ended_at) - new Date(one.started_at)) / 1000 : 0);
  return { of: done.length, texts: mean((one) => one.asked) * nights, tokens: mean((one) => one.tokens) * nights, cost: mean((one) => one.cost) * nights, seconds: mean(took) * nights };
}

function Preview({ dates, calendar }) {
  if (!dates.length) return h("p", { className: "ns-note" }, "No date would run: each has a run already.");
  const about = expected(calendar, dates.length);
  return h("div", { className: "ns-note" },
    h("p", null, h("b", null, `${plural(dates.length, "night", "nights")} will run: `), dates.slice(0, 31).join(", "), dates.length > 31 ? ", …" : ""),
    about ? h(Facts, {
      pairs: [
        ["At most about", `${count(about.texts)} texts`, `${count(about.tokens)} tokens`],
        ["Time", span(about.seconds)],
        calendar.has_prices ? ["Cost", money(about.cost, calendar.currency)] : null,
      ],
    }) : null,
    about ? h("p", { className: "ns-small" }, `As the ${plural(about.of, "night", "nights")} in the calendar took; texts that have an answer are not asked again, so it is often far less.`) : null);
}

function Field({ name, children }) {
  return h("label", { className: "ns-field" }, h("span", null, name), children);
}

function Running({ version, mayAct, tell }) {
  const [state, setState] = React.useState({ found: [], error: null });
  const [again, setAgain] = React.useState(0);
  React.useEffect(() => {
    let gone = false;
    askAirflow("GET", `backfills?dag_id=${DAG}&limit=20&order_by=-id`)
      .then((found) => gone || setState({ found: found.backfills.filter((one) => !one.completed_at), error: null }))
      .catch((refused) => gone || setState({ found: [], error: refused.message }));
    return () => { gone = true; };
  }, [version, again]);
  const change = (one, what) => async () => {
    try {
      await askAirflow("PUT", `backfills/${one.id}/${what}`);
      tell(`Backfill ${one.id} ${DONE[what]}.`);
    } catch (refused) {
      tell(refused.message, "bad");
    }
    setAgain((n) => n + 1);
  };
  return h(React.Fragment, null, state.error ? h("p", { className: "ns-refused" }, state.error) : null,
    state.found.map((one) => h("div", { key: one.id, className: "ns-row ns-apart ns-note" },
      h("span", null, h("b", null, `Backfill ${one.id}`), ` ${one.from_date.slice(0, 10)} to ${one.to_date.slice(0, 10)}, since ${dayAndTime(one.created_at)}${one.is_paused ? ", paused" : ""}`),
      h("span", { className: "ns-row" },
        h(Button, { disabled: !mayAct, onClick: change(one, one.is_paused ? "unpause" : "pause") }, one.is_paused ? "Go on" : "Pause"),
        h(Button, { kind: "danger", disabled: !mayAct, onClick: change(one, "cancel") }, "Cancel")))));
}

export function Backfill({ calendar, questions, mayAct, tell, version, changed }) {
  const last = calendar ? calendar.last : "";
  const [wish, setWish] = React.useState({ from: "", to: "", again: "none", over: "as set", runs: 1, backwards: false });
  const [preview, setPreview] = React.useState(null);
  const [error, setError] = React.useState(null);
  const full = { ...wish, from: wish.from || last, to: wish.to || last };
  const set = (name) => (event) => {
    setPreview(null);
    setWish({ ...wish, [name]: event.target.type === "checkbox" ? event.target.checked : event.target.value });
  };
  const attempt = (work) => async (event) => {
    event.preventDefault();
    setError(null);
    try { await work(); } catch (refused) { setError(refused.message); }
  };
  const look = attempt(async () => {
    if (full.from > full.to) throw new Error("The first date comes after the last.");
    const found = await askAirflow("POST", "backfills/dry_run", body(full));
    setPreview(found.backfills.map((one) => one.partition_key || (one.partition_date || one.logical_date || "").slice(0, 10)));
  });
  const start = attempt(async () => {
    const made = await askAirflow("POST", "backfills", body(full));
    setPreview(null);
    tell(`Backfill ${made.id} has started.`);
    changed();
  });
  const pick = (name, choices) => h("select", { value: wish[name], onChange: set(name) },
    Object.entries(choices).map(([value, said]) => h("option", { key: value, value }, said)));
  return h(Panel, { title: "Backfill" }, () => h(React.Fragment, null,
    h(Running, { version, mayAct, tell }),
    h("form", { className: "ns-form", onSubmit: look },
      h(Field, { name: "First date" }, h("input", { type: "date", required: true, value: full.from, onChange: set("from") })),
      h(Field, { name: "Last date" }, h("input", { type: "date", required: true, value: full.to, onChange: set("to") })),
      h(Field, { name: "Run" }, pick("again", AGAIN)),
      h(Field, { name: "Over a cap" }, pick("over", OVER)),
      h(Field, { name: "At once" }, h("input", { type: "number", min: 1, max: 8, required: true, value: wish.runs, onChange: set("runs") })),
      h("label", { className: "ns-check" }, h("input", { type: "checkbox", checked: wish.backwards, onChange: set("backwards") }), "newest first"),
      h("div", { className: "ns-row" }, h(Button, { type: "submit", disabled: !mayAct }, "Preview"),
        h(Button, { kind: "strong", disabled: !mayAct || !preview || !preview.length, onClick: start }, "Start"))),
    error ? h("p", { className: "ns-refused", role: "alert" }, error) : null,
    preview ? h(Preview, { dates: preview, calendar }) : null,
    h(Again, { mayAct, questions, tell })));
}
