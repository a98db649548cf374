// One key, one thing that has a button as well: a key presses what carries it as data-shortcut, in
// the claim that is current, else on the page. Keys rest while somebody writes, and can be turned
// off in the sheet (WCAG 2.1.4). The viewers' own keys come first while the focus is in one.
//
// Another part of the page takes part by putting data-shortcut="…" on its button.
import { codeOf, current, goTo, step } from "./claims.js";
import { areOn, openSheet } from "./sheet.js";
import { reveal } from "./tabs.js";
import { tell } from "./tell.js";
import { say } from "../words.js";

const WRITING = "textarea, select, [contenteditable=true], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";

const ACTS = {
  j: () => step(1),
  k: () => step(-1),
  g: toPlace,
  v: intoEvidence,
  d: () => document.getElementById("decision") && goTo(document.getElementById("decision")),
  "?": openSheet,
};

const isThere = (element) => !element.disabled && !element.closest("[hidden], template, dialog:not([open])");

function find(key) {
  const selector = key === "u" ? "[data-undo], [data-shortcut=u]" : `[data-shortcut="${CSS.escape(key)}"]`;
  const inClaim = (element) => element.closest("[data-claim]")?.dataset.claim;
  const here = [...(current()?.querySelectorAll(selector) ?? [])].find(isThere);
  return here ?? [...document.querySelectorAll(selector)].find((each) => isThere(each) && !inClaim(each));
}

function press(element) {
  reveal(element);
  const starts = startOf(element);
  if (starts) {
    starts.focus();
    return;
  }
  const input = element.matches("input") ? element : element.querySelector("input");
  (input ?? element).click();
  if (input) tell(said(input));
  else if (element.matches("[data-tick-five]")) tell(say("markFive", { code: codeOf(current()) }));
  else if (element.matches("summary")) showFold(element);
}

// What is written, chosen or ticked one by one is gone to; all else is pressed.
function startOf(element) {
  if (element.matches("fieldset")) return element.querySelector("[type=checkbox]");
  return element.matches("textarea, select") ? element : null;
}

function said(input) {
  const label = input.labels[0]?.textContent.trim() ?? "";
  const words = input.type === "checkbox" && !input.checked ? say("markNotTicked", { label }) : label;
  const code = codeOf(current());
  return code ? `${code}: ${words}` : words;
}

function showFold(summary) {
  const { open } = summary.parentNode;
  summary.scrollIntoView({ block: "nearest" });
  if (open) summary.parentNode.querySelector("textarea")?.focus();
  tell(say(open ? "markOpened" : "markClosed", { what: summary.textContent.trim().replace(/\s+/g, " ") }));
}

// ------------------------------------------------------------------ to and from the evidence

let visited = null;

function toPlace() {
  const claim = current();
  const links = [...(claim?.querySelectorAll("a.anchor-link[data-anchor]") ?? [])];
  if (!links.length) {
    tell(say("markNoPlace", { code: codeOf(claim) }));
    return;
  }
  const next = links[(links.indexOf(visited) + 1) % links.length];
  visited = next;
  next.click();
  tell(say("markPlace", { code: codeOf(claim), place: next.textContent.trim() }));
}

function intoEvidence() {
  const evidence = document.getElementById("evidence");
  reveal(evidence);
  evidence.focus({ preventScroll: true });
}

function leave(event) {
  const { target } = event;
  if (!target.closest(`${WRITING}, #evidence, .marking-guide`) || !current()) return;
  reveal(current());
  (target.closest("[data-claim]") ?? current()).focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    leave(event);
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !areOn()) return;
  if (event.target.closest(WRITING)) return;
  const key = event.shiftKey ? event.key : event.key.toLowerCase();
  const act = ACTS[key] ?? (key.length === 1 && key.trim() && find(key) ? () => press(find(key)) : null);
  if (!act) return;
  event.preventDefault();
  act();
});
