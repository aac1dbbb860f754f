// Asks our own routes and Airflow's, with the cookie that the browser has.

const OWN = new URL("../", import.meta.url);
const AIRFLOW = new URL("../../", import.meta.url);

/** Where one of our own routes is, for a link. */
export const urlOf = (path) => new URL(path, OWN).pathname;

/** Something that a person can read went wrong. */
export class Refused extends Error {}

async function answered(url, options) {
  let reply;
  try {
    reply = await fetch(url, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refused("Airflow does not answer. Is it still running?");
  }
  const text = await reply.text();
  let found = null;
  try {
    found = text ? JSON.parse(text) : null;
  } catch {
    throw new Refused(`Airflow answered ${reply.status} with something that is not JSON.`);
  }
  if (reply.ok) return found;
  if (reply.status === 401) throw new Refused("You are logged out. Reload the page to log in.");
  throw new Refused(said(found) || `Airflow answered ${reply.status}.`);
}

function said(found) {
  const detail = found && found.detail;
  if (typeof detail === "string") return detail;
  if (detail && typeof detail.reason === "string") return detail.reason;
  if (Array.isArray(detail)) return detail.map((one) => one.msg).join("; ");
  return "";
}

function sent(method, body) {
  const headers = { "Content-Type": "application/json" };
  return { method, headers, body: JSON.stringify(body ?? {}) };
}

export const look = (path, signal) => answered(new URL(path, OWN), { signal });
export const act = (path, body) => answered(new URL(path, OWN), sent("POST", body));
export const askAirflow = (method, path, body) =>
  answered(new URL(`api/v2/${path}`, AIRFLOW), method === "GET" ? {} : sent(method, body));

/** Where Airflow's own page of a run is. */
export function pageOfRun(dag, run) {
  return new URL(`dags/${encodeURIComponent(dag)}/runs/${encodeURIComponent(run)}`, AIRFLOW).href;
}
export const pageOfDag = (dag) => new URL(`dags/${encodeURIComponent(dag)}`, AIRFLOW).href;
