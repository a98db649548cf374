// What is typed is saved as one goes (htmx), sent again when the connection is back, and whatever
// leads away from the page waits until the last save is in.
import { isKept } from "./store.js";
import { say } from "../words.js";

const AGAIN = 8000;
const saving = new Set(); // whose save is on its way
const unsaved = new Set(); // who has something that no save has taken yet
const cutOff = new Set(); // who did not get through to the server
let held = null; // the form that waits to be sent
let waiting = 0;

const saverOf = (element) => element.closest?.("[data-saves]");
const noteOf = (saver) => document.querySelector(saver.getAttribute("hx-target"));

export function save(saver) {
  if (saver.matches("form")) saver.requestSubmit();
  else window.htmx.trigger(saver, "change");
}

// Ticks are saved at once, by their "change"; their "input" would save them a second time.
document.addEventListener(
  "input",
  (event) => {
    if (!saverOf(event.target)) return;
    if (event.target.matches("textarea")) unsaved.add(saverOf(event.target));
    else event.stopPropagation();
  },
  true,
);
document.addEventListener(
  "change",
  ({ target }) => {
    if (saverOf(target)) unsaved.add(saverOf(target));
  },
  true,
);

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-saves]")) return;
  unsaved.delete(detail.elt);
  cutOff.delete(detail.elt);
  saving.add(detail.elt);
});

// Too late (409) is said beside the words, which stay where they are.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 409) detail.shouldSwap = true;
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!detail.elt.matches("[data-saves]")) return;
  saving.delete(detail.elt);
  if (!detail.successful) {
    unsaved.add(detail.elt);
    held = null; // what went wrong should be seen before anything is decided
  }
  if (held && !saving.size && !unsaved.size) {
    const { form, submitter } = held;
    held = null;
    form.requestSubmit(submitter);
  }
});

document.addEventListener("htmx:sendError", ({ detail }) => {
  if (!detail.elt.matches("[data-saves]")) return;
  cutOff.add(detail.elt);
  const note = document.createElement("span");
  note.className = "not-saved";
  note.textContent = say("markCutOff");
  noteOf(detail.elt).replaceChildren(note);
  clearTimeout(waiting);
  waiting = setTimeout(again, AGAIN);
});

function again() {
  clearTimeout(waiting);
  [...cutOff].forEach(save);
}

addEventListener("online", again);

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.matches("[data-saves], [method=dialog]")) return;
    [...unsaved].forEach(save);
    if (!saving.size && !unsaved.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form, submitter: event.submitter };
  },
  true,
);

// What this browser keeps will be offered again; only where it can't is leaving worth a question.
addEventListener("beforeunload", (event) => {
  if (unsaved.size && !held && ![...unsaved].every(isKept)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const here = saverOf(event.target);
  if (!here) return;
  event.preventDefault();
  const all = [...document.querySelectorAll("[data-saves]")];
  const next = all
    .slice(all.indexOf(here) + 1)
    .find((each) => !each.querySelector("[name=outcome]:checked"));
  (next?.querySelector("[name=outcome]") ?? next)?.focus();
});
