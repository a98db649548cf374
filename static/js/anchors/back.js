// On a phone the evidence lies far above the claims. Who went from a claim to its place goes back
// with one tap; the button is there only while the claim is out of sight.
import { scrolling } from "../viewers/select.js";
import { say } from "../words.js";

let button = null;
let watcher = null;

export function offerBack(link) {
  takeAway();
  const code = link.closest("[id^=claim-]:has(.code)")?.querySelector(".code")?.textContent;
  if (!code || document.querySelector("[data-mark-sheet]")) return;
  button = document.createElement("button");
  button.type = "button";
  button.className = "btn anchor-back";
  button.textContent = say("placeBack", { code: code.trim() });
  button.hidden = true;
  button.addEventListener("click", () => back(link));
  document.querySelector("main").append(button);
  watcher = new IntersectionObserver(([entry]) => (button.hidden = entry.isIntersecting));
  watcher.observe(link);
}

function back(link) {
  takeAway();
  link.scrollIntoView({ behavior: scrolling(), block: "center" });
  link.focus({ preventScroll: true });
}

function takeAway() {
  watcher?.disconnect();
  button?.remove();
  watcher = button = null;
}
