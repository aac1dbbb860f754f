// Numbers, times and states as a person reads them.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const NOT_KNOWN = "–";
export const known = (value) => value !== null && value !== undefined;

export const count = (value) => (known(value) ? whole.format(value) : NOT_KNOWN);
export const compact = (value) => (known(value) ? short.format(value) : NOT_KNOWN);

export function share(value) {
  if (!known(value)) return NOT_KNOWN;
  const percent = value * 100;
  return `${percent.toFixed(Math.abs(percent - Math.round(percent)) < 0.05 ? 0 : 1)}%`;
}

export function money(value, currency) {
  if (!known(value)) return NOT_KNOWN;
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  return `${value.toFixed(digits)} ${currency}`;
}

export function span(seconds) {
  if (!known(seconds)) return NOT_KNOWN;
  const rounded = Math.round(seconds);
  if (rounded < 60) return `${rounded} s`;
  const minutes = Math.floor(rounded / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export const time = (iso) => (iso ? `${iso.slice(11, 16)} UTC` : NOT_KNOWN);
export const dayAndTime = (iso) =>
  iso ? `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC` : NOT_KNOWN;
export const seconds = (from, to) => (from && to ? (new Date(to) - new Date(from)) / 1000 : null);

/** Controls, what turns the direction of writing, what has no width, what is no character at all. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** Somebody else's text with each character that cannot be seen written out, as reports have it. */
export const visible = (text) => String(text).slice(0, 2000).replace(UNSEEN,
  (one) => `⟨U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);

export const plural = (number, one, many) => `${count(number)} ${number === 1 ? one : many}`;

/** Each state: a mark that needs no colour, a word, and its tone. */
export const STATES = {
  released: { mark: "✓", word: "released", tone: "good" },
  unchanged: { mark: "=", word: "nothing new", tone: "good" },
  held: { mark: "‖", word: "held", tone: "warn" },
  dismissed: { mark: "⊘", word: "rejected", tone: "idle" },
  failed: { mark: "✕", word: "failed", tone: "bad" },
  stopped: { mark: "!", word: "stopped", tone: "bad" },
  running: { mark: "▸", word: "running", tone: "busy" },
  built: { mark: "+", word: "answers stored", tone: "good" },
  done: { mark: "✓", word: "done", tone: "good" },
  killed: { mark: "!", word: "killed", tone: "bad" },
  planned: { mark: "…", word: "planned only", tone: "idle" },
  withdrawn: { mark: "↶", word: "withdrawn", tone: "warn" },
  missing: { mark: "?", word: "missing", tone: "bad" },
  none: { mark: "", word: "no night", tone: "none" },
};
export const stateOf = (state) => STATES[state] || { mark: "·", word: String(state), tone: "idle" };

/** A table's or an expectation's name without what says nothing to a reader. */
export const tableName = (name) => name.replace(/^lake\.[a-z]+\./, "").replaceAll("_", " ");
