// The page Nightshelf and the tabs of a run and of a task, on Airflow's own React; no build step.

import { pageOfRun } from "./ask.js";
import { Backfill } from "./backfill.js";
import { Guide, GuideLink } from "./guide.js";
import { Needs } from "./needs.js";
import { Calendar } from "./nights.js";
import { Decision, h, Panel, useAsked } from "./parts.js";
import { Live, Tonight } from "./plan.js";
import { Releases } from "./releases.js";
import { RunTab } from "./run.js";
import { TaskTab } from "./task.js";
import { Trends } from "./trends.js";

const React = globalThis.React;
const MARKS = { good: "✓", busy: "▸", warn: "‖", bad: "✕", idle: "·" };

function Verdict({ asked }) {
  const { found, error } = asked;
  const tone = found ? found.tone : "idle";
  return h("div", { className: `ns-verdict ns-tone-${tone}`, role: "status" },
    h("span", { className: "ns-mark", "aria-hidden": true }, MARKS[tone]),
    h("div", null,
      h("h1", null, found ? found.said : error || "Reading last night…"),
      found ? h("p", null, found.readers) : null),
    h(GuideLink));
}

function Told({ told, onClose }) {
  return h("div", { className: "ns-told", role: "status", "aria-live": "polite" }, told
    ? h("p", { className: `ns-tone-${told.tone}` }, told.said, " ",
      told.dag_run ? h("a", { href: pageOfRun(told.dag, told.dag_run) }, "See it in Airflow") : null,
      h("button", { type: "button", className: "ns-close", "aria-label": "Close", onClick: onClose }, "×")) : null);
}

function Page() {
  const [version, setVersion] = React.useState(0);
  const [until, setUntil] = React.useState(null);
  const [task, setTask] = React.useState(null);
  const [told, setTold] = React.useState(null);
  const stretch = until ? `?until=${until}` : "";
  const me = useAsked("me");
  const [verdict, needs] = [useAsked("verdict", version, 30), useAsked("needs", version, 30)];
  const [live, tonight] = [useAsked("live", version, 5), useAsked("tonight", version, 60)];
  const [calendar, trends] = [useAsked(`calendar${stretch}`, version, 60), useAsked(`trends${stretch}`, version)];
  const releases = useAsked("releases?limit=5", version, 60);
  const mayAct = Boolean(me.found && me.found.may_act);
  const changed = () => setVersion((n) => n + 1);
  const tell = (said, tone = "good", more = {}) => setTold({ said, tone, ...more });
  const questions = ((tonight.found && tonight.found.questions) || []).map((one) => one.question);
  const ended = (done) => {
    setTask(null);
    if (done) {
      setTold({ ...done, tone: "good" });
      changed();
    }
  };
  return h("div", { className: "nightshelf" },
    h(Verdict, { asked: verdict }),
    h(Told, { told, onClose: () => setTold(null) }),
    me.found && !mayAct ? h("p", { className: "ns-small" }, `You are ${me.found.name}: your role may look, not decide.`) : null,
    h(Needs, { asked: needs, mayAct, decide: setTask }),
    h(Live, { asked: live }),
    h("div", { className: "ns-two" }, h(Calendar, { asked: calendar, until, setUntil }), h(Tonight, { asked: tonight })),
    h(Trends, { asked: trends }),
    h(Releases, { asked: releases, mayAct, decide: setTask }),
    h(Backfill, { calendar: calendar.found, questions, mayAct, tell, version, changed }),
    h(Guide),
    task ? h(Decision, { task, onEnd: ended }) : null);
}

/** What breaks in a part is said in its place; the rest of Airflow stays. */
class Contained extends React.Component {
  constructor(props) {
    super(props);
    this.state = { broken: false };
  }

  static getDerivedStateFromError() {
    return { broken: true };
  }

  render() {
    if (!this.state.broken) return h(this.props.of, this.props.with);
    return h("div", { className: "nightshelf" }, h(Panel, { title: "Nightshelf" }, () =>
      h("p", { role: "alert" }, "This page could not be drawn. Reload it; `nightshelf runs` and `nightshelf releases` say the same.")));
  }
}

function addStyle() {
  const href = new URL("page.css", import.meta.url).href;
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}

addStyle();
globalThis.Nightshelf = (props) => h(Contained, { of: Page, with: props });
globalThis["Run report"] = (props) => h(Contained, { of: RunTab, with: props });
globalThis["Task report"] = (props) => h(Contained, { of: TaskTab, with: props });
globalThis.AirflowPlugin = globalThis.Nightshelf;
