// Words outlive a closed browser and a lost connection: each change is kept here until the server
// has it, and offered again when the page is next opened.
import { drop, fieldsOf, forget, keep, left } from "./store.js";
import { save } from "./saving.js";
import { say } from "../words.js";

const saverOf = (element) => element.closest?.("[data-saves]");
const plain = (fields) => JSON.stringify(fields.filter(([, value]) => value !== ""));
const sent = new WeakMap();

for (const name of ["input", "change"]) {
  document.addEventListener(name, ({ target }) => saverOf(target) && keep(saverOf(target)), true);
}

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("[data-saves]")) sent.set(detail.elt, plain(fieldsOf(detail.elt)));
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { elt, successful } = detail;
  if (successful && sent.has(elt) && sent.get(elt) === plain(fieldsOf(elt))) drop(elt);
});

// ------------------------------------------------------------------ offered again

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

function offer({ key, at, fields }, saver) {
  const box = document.createElement("div");
  box.className = "kept-words";
  box.setAttribute("role", "status");
  const title = document.createElement("p");
  const when = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  title.textContent = say("markKept", { when });
  box.append(title, ...wordsIn(fields));
  const done = () => box.remove();
  const buttons = document.createElement("div");
  buttons.className = "button-row";
  if (saver) {
    buttons.append(button(say("markPutBack"), () => (putBack(saver, fields), done(), focusOn(saver))));
  }
  buttons.append(button(say("markThrowAway"), () => (forget(key), done(), saver && focusOn(saver))));
  box.append(buttons);
  return box;
}

function wordsIn(fields) {
  const texts = fields.filter(([name, value]) => ["reason", "feedback"].includes(name) && value);
  return texts.map(([, value]) => {
    const quote = document.createElement("blockquote");
    quote.textContent = value;
    return quote;
  });
}

function putBack(saver, fields) {
  if (saver.matches("textarea")) saver.value = fields[0][1];
  else fillIn(saver, fields);
  keep(saver);
  save(saver);
}

function fillIn(form, fields) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
  for (const field of form.querySelectorAll("textarea, [type=radio], [type=checkbox]")) {
    const values = given.get(field.name) ?? [];
    if (field.matches("textarea")) field.value = values[0] ?? "";
    else field.checked = values.includes(field.value);
  }
}

function focusOn(saver) {
  (saver.matches("textarea") ? saver : saver.querySelector("textarea")).focus();
}

for (const copy of left()) {
  const saver = document.getElementById(copy.id);
  const isHere = saver?.matches("[data-saves]");
  if (isHere && plain(fieldsOf(saver)) === plain(copy.fields)) forget(copy.key);
  else if (isHere) saver.before(offer(copy, saver));
  else if (wordsIn(copy.fields).length) document.querySelector("#claims-head")?.after(offer(copy, null));
  else forget(copy.key);
}
