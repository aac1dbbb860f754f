// Published answers asked again: by question, landing dates and the model that gave them.

import { askAirflow, pageOfRun } from "./ask.js";
import { Button, h } from "./parts.js";

const React = globalThis.React;
const DAG = "reanswer";

function conf(wish, isDry) {
  const found = { question: wish.question.trim(), dry_run: isDry };
  if (wish.from) found.date_from = wish.from;
  if (wish.to) found.date_to = wish.to;
  if (wish.modelIsNot.trim()) found.model_is_not = wish.modelIsNot.trim();
  return found;
}

/** Starts the DAG, dry or in earnest; `tell` is told where its run is. */
export function Again({ mayAct, questions, tell }) {
  const [wish, setWish] = React.useState({ question: "sentiment", from: "", to: "", modelIsNot: "" });
  const [error, setError] = React.useState(null);
  const [looked, setLooked] = React.useState(null);
  const set = (name) => (event) => {
    setLooked(null);
    setWish({ ...wish, [name]: event.target.value });
  };
  const start = (isDry) => async (event) => {
    event.preventDefault();
    setError(null);
    try {
      const dag = await askAirflow("GET", `dags/${DAG}`);
      if (dag.is_paused) throw new Error("The DAG reanswer is paused. Switch it on in Airflow, then try again.");
      const run = await askAirflow("POST", `dags/${DAG}/dagRuns`, { logical_date: null, conf: conf(wish, isDry) });
      if (isDry) setLooked(run.dag_run_id);
      else tell("Answers are being asked again.", "good", { dag: DAG, dag_run: run.dag_run_id });
    } catch (refused) {
      setError(refused.message);
    }
  };
  const field = (name, input) => h("label", { className: "ns-field" }, h("span", null, name), input);
  return h("details", { className: "ns-again" },
    h("summary", null, "Ask published rows of one question, or of another model, again"),
    h("form", { className: "ns-form", onSubmit: start(true) },
      field("Question", h("input", { list: "ns-questions", required: true, pattern: "[a-z][a-z0-9_]*", value: wish.question, onChange: set("question") })),
      h("datalist", { id: "ns-questions" }, questions.map((one) => h("option", { key: one, value: one }))),
      field("First landing date", h("input", { type: "date", value: wish.from, onChange: set("from") })),
      field("Last", h("input", { type: "date", value: wish.to, onChange: set("to") })),
      field("Not answered by (model version)", h("input", {
        pattern: "[0-9a-f]{16}", title: "16 hex digits; empty: whoever has answered", value: wish.modelIsNot, onChange: set("modelIsNot"),
      })),
      h("div", { className: "ns-row" }, h(Button, { type: "submit", disabled: !mayAct }, "Preview"),
        h(Button, { kind: "strong", disabled: !mayAct || !looked, onClick: start(false) }, "Start"))),
    error ? h("p", { className: "ns-refused", role: "alert" }, error) : null,
    looked ? h("p", { className: "ns-note", role: "status" }, "A dry run has started. The log of its task choose says how many rows and tokens: ",
      h("a", { href: pageOfRun(DAG, looked) }, "see it in Airflow"), ". Nothing changes before you press Start.") : null);
}
