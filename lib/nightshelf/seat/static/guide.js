// The short guide: what to do when woken, and what the words mean.

import { pageOfDag } from "./ask.js";
import { h } from "./parts.js";

const ID = "nightshelf-guide";
const STEPS = [
  ["A release is held.", "Read what does not hold. Unusual, and you know why (a sale, a new category)? Approve. If not, reject, or leave it until somebody does: readers keep the last release."],
  ["Data is lost or wrong.", "There is no Approve then. Open the run, mend what the log names, clear the task; or reject."],
  ["A plan is over its cap.", "Nothing was spent. Take what fits, or raise the cap for this run; it goes on from its plan."],
  ["A night failed or stands still.", "Open it in Airflow, read the red task's log, clear the task. Nothing is asked twice."],
  ["Readers see something wrong.", "Roll back to the release before. It takes seconds; the dates withdrawn are run again later."],
  ["A date is missing.", "Its input did not land, or the DAG nightly is paused. Land it, then start a backfill of the date."],
];
const WORDS = [
  ["asked", "texts that a model read for this night"],
  ["reused", "answers that were there already and cost nothing"],
  ["failed", "texts without an answer; each is published with its reason"],
  ["rejected", "delivered rows that were turned away; `nightshelf show rejected` names them"],
  ["held", "assembled and audited, or planned, and stopped before anybody could read it"],
  ["drift", "how far a sentiment's share moved against the day before"],
  ["padding", "computed tokens that were filling; low is good"],
  ["devices busy", "the share of the time in which cores or GPUs computed; high is good"],
];

export function GuideLink() {
  const open = (event) => {
    event.preventDefault();
    const guide = document.getElementById(ID);
    guide.open = true;
    guide.scrollIntoView({ block: "start" });
    guide.querySelector("summary").focus();
  };
  return h("a", { className: "ns-guide-link", href: `#${ID}`, onClick: open }, "Guide");
}

export function Guide() {
  return h("details", { id: ID, className: "ns-panel ns-guide" },
    h("summary", null, h("h2", null, "Guide: woken at three, and what the words mean")),
    h("ol", null, STEPS.map(([when, then]) => h("li", { key: when }, h("b", null, when), " ", then))),
    h("dl", { className: "ns-words" }, WORDS.map(([word, means]) =>
      h("div", { key: word }, h("dt", null, word), h("dd", null, means)))),
    h("p", { className: "ns-small" }, "The manual of each task is the documentation of the DAG ",
      h("a", { href: pageOfDag("nightly") }, "nightly"), "; the longer guide is docs/operators-page.md."));
}
