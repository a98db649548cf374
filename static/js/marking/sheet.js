// The sheet of keys: it opens by its button or "?", names only keys that do something here, and
// turns them off for whoever speaks to the machine or types by chance.
import { areWanted, want } from "./switch.js";
import { tell } from "./tell.js";
import { say } from "../words.js";

const sheet = document.querySelector("[data-keys-sheet]");
const opener = document.querySelector(".desk-keys");
const choice = sheet.querySelector("[data-keys-on]");

export const areOn = () => choice.checked;

export function openSheet() {
  for (const term of sheet.querySelectorAll("[data-for]")) {
    const isHere = document.querySelector(selectorOf(term.dataset.for));
    term.hidden = term.nextElementSibling.hidden = !isHere;
  }
  sheet.showModal();
}

const selectorOf = (key) => (key === "u" ? "[data-undo], [data-shortcut=u]" : `[data-shortcut="${CSS.escape(key)}"]`);

function show() {
  document.documentElement.classList.toggle("has-keys", areOn());
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const pressed = element.matches("div, fieldset") ? element.querySelector("[type=radio], [type=checkbox]") : element;
    if (areOn()) pressed.setAttribute("aria-keyshortcuts", element.dataset.shortcut);
    else pressed.removeAttribute("aria-keyshortcuts");
  }
}

choice.checked = areWanted();
choice.addEventListener("change", () => {
  want(areOn());
  show();
  tell(say(areOn() ? "markKeysOn" : "markKeysOff"));
});
opener.hidden = false;
opener.addEventListener("click", openSheet);
show();
