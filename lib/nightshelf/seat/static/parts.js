// What all panels are made of. Text only ever becomes a text node.

import { look } from "./ask.js";
import { stateOf } from "./words.js";

const React = globalThis.React;
export const h = React.createElement;
const { useCallback, useEffect, useId, useRef, useState } = React;

/** What a route says; asked again every `seconds`, but not while nobody can see the page. */
export function useAsked(path, version = 0, seconds = 0) {
  const [state, setState] = useState({ found: null, error: null });
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((n) => n + 1), []);
  useEffect(() => {
    if (path === null) return undefined;
    const ended = new AbortController();
    let timer = 0;
    const ask = async () => {
      clearTimeout(timer);
      try {
        setState({ found: await look(path, ended.signal), error: null });
      } catch (error) {
        if (ended.signal.aborted) return;
        setState((before) => ({ found: before.found, error: error.message }));
      }
      if (seconds && !document.hidden && !ended.signal.aborted) {
        timer = setTimeout(ask, seconds * 1000);
      }
    };
    const seen = () => (document.hidden ? clearTimeout(timer) : ask());
    if (seconds) document.addEventListener("visibilitychange", seen);
    ask();
    return () => {
      ended.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [path, version, seconds, attempt]);
  return { ...state, again };
}

/** A titled part of the page; says by itself that it is loading or cannot be read. */
export function Panel({ title, asked, aside, className = "", children }) {
  const id = useId();
  let body;
  if (asked && asked.error && !asked.found) {
    body = h("div", { className: "ns-error", role: "alert" }, h("p", null, asked.error),
      h(Button, { onClick: asked.again }, "Try again"));
  } else if (asked && !asked.found) {
    body = h("div", { className: "ns-loading", "aria-busy": true }, "Reading…");
  } else {
    body = children(asked ? asked.found : null);
  }
  const head = h("header", null, h("h2", { id }, title), aside || null);
  const stale = asked && asked.error && asked.found
    ? h("p", { className: "ns-stale", role: "status" }, `Not up to date: ${asked.error}`) : null;
  return h("section", { className: `ns-panel ${className}`, "aria-labelledby": id }, head, stale, body);
}

export function Button({ kind = "plain", ...rest }) {
  return h("button", { type: "button", className: `ns-button ns-${kind}`, ...rest });
}

export function State({ state }) {
  const { mark, word, tone } = stateOf(state);
  return h("span", { className: `ns-state ns-tone-${tone}` },
    h("span", { className: "ns-mark", "aria-hidden": true }, mark), word);
}

/** Pairs of a term and what it comes to; an empty one is left out. */
export function Facts({ pairs }) {
  return h("dl", { className: "ns-facts" }, pairs.filter(Boolean).map(([term, value, note]) =>
    h("div", { key: term }, h("dt", null, term),
      h("dd", null, value, note ? h("small", null, ` ${note}`) : null))));
}

/** Somebody else's words: their direction does not reach beyond them. */
export const Words = ({ children }) => h("bdi", null, children);

/** Rows of cells, the first of which names its row. */
export const Table = ({ names, rows }) => h("div", { className: "ns-scroll" }, h("table", { className: "ns-table" },
  h("thead", null, h("tr", null, names.map((name) => h("th", { key: name, scope: "col" }, name)))),
  h("tbody", null, rows.map(([head, ...cells], place) => h("tr", { key: place }, h("th", { scope: "row" }, head),
    cells.map((cell, n) => h("td", { key: n, className: "ns-number" }, cell)))))));

/** A bar of `value` of `most`, with its text beside it. */
export function Bar({ value, most, label, tone = "busy" }) {
  const part = most > 0 ? Math.min(value / most, 1) : 0;
  return h("div", {
    className: `ns-bar ns-tone-${tone}`, role: "progressbar", "aria-label": label,
    "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": Math.round(part * 100),
  }, h("svg", { viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": true },
    h("rect", { className: "ns-track", width: 100, height: 4 }),
    h("rect", { className: "ns-fill", width: part * 100, height: 4 })));
}

/** Asks why, then does it. `task` is {title, consequence, word, kind, extra, run(reason)}. */
export function Decision({ task, onEnd }) {
  const box = useRef(null);
  const [reason, setReason] = useState("");
  const [error, setError] = useState(null);
  const [busy, setBusy] = useState(false);
  const id = useId();
  useEffect(() => box.current.showModal(), []);
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      onEnd(await task.run(reason.trim()));
    } catch (refused) {
      setError(refused.message);
      setBusy(false);
    }
  };
  return h("dialog", {
    ref: box, className: "ns-dialog", "aria-labelledby": `${id}t`,
    onCancel: (event) => { event.preventDefault(); if (!busy) onEnd(null); },
  }, h("form", { onSubmit: submit },
    h("h3", { id: `${id}t` }, task.title),
    h("p", null, task.consequence),
    task.extra || null,
    h("label", { htmlFor: `${id}r` }, "Reason", h("small", null, " kept with your name")),
    h("input", {
      id: `${id}r`, value: reason, required: true, minLength: 3, maxLength: 500, autoFocus: true,
      autoComplete: "off", onChange: (event) => setReason(event.target.value),
    }),
    error ? h("p", { className: "ns-refused", role: "alert" }, error) : null,
    h("div", { className: "ns-row ns-end" },
      h(Button, { onClick: () => onEnd(null), disabled: busy }, "Cancel"),
      h(Button, { kind: task.kind || "strong", type: "submit", disabled: busy || reason.trim().length < 3 },
        busy ? "One moment…" : task.word))));
}
