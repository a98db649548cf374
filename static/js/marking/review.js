// The last look before a decision goes out: the key that led here, pressed again, sends it.
import { areWanted } from "./switch.js";

document.documentElement.classList.toggle("has-keys", areWanted());

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.repeat || !areWanted()) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (event.target.closest("input, select, textarea")) return;
  const button = document.querySelector(`[data-shortcut="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
});

for (const button of areWanted() ? document.querySelectorAll("[data-shortcut]") : []) {
  button.setAttribute("aria-keyshortcuts", button.dataset.shortcut);
}
