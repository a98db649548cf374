// Which claim the keys are about. It is marked, follows the focus, and the arrows above the claims
// step from one to the next; after the last comes the decision.
import { reveal } from "./tabs.js";
import { tell } from "./tell.js";
import { scrolling } from "../viewers/select.js";
import { say } from "../words.js";

const stops = [...document.querySelectorAll("[data-claim]")];
let now = null;

export const current = () => now;
export const codeOf = (claim) => claim?.dataset.claim ?? "";

function point(claim) {
  if (now === claim) return;
  now?.classList.remove("is-current");
  now?.removeAttribute("aria-current");
  now = claim;
  now.classList.add("is-current");
  now.setAttribute("aria-current", "true");
}

export function goTo(claim) {
  point(claim);
  reveal(claim);
  claim.focus({ preventScroll: true });
  claim.scrollIntoView({ block: "start", behavior: scrolling() });
}

export function step(by) {
  const next = stops[stops.indexOf(now) + by];
  if (next) goTo(next);
  else tell(say(by > 0 ? "markLast" : "markFirst"));
}

document.addEventListener("focusin", ({ target }) => {
  const claim = target.closest("[data-claim]");
  if (claim) point(claim);
});

document.querySelector("[data-steps]")?.removeAttribute("hidden");
document.querySelector("[data-steps]")?.addEventListener("click", ({ target }) => {
  const key = target.closest("button")?.dataset.shortcut;
  if (key) step(key === "j" ? 1 : -1);
});

const isOpen = (stop) => stop.dataset.claim && !stop.querySelector("[name=outcome]:checked");
const named = location.hash.startsWith("#claim-") && document.getElementById(location.hash.slice(1));
const start = named || stops.find(isOpen) || stops[0];
if (start) point(start);

// What was judged already lies above it; on a wide screen the column scrolls by itself.
const column = start?.closest(".marking-right");
if (column && start !== stops[0] && getComputedStyle(column).overflowY === "auto") {
  const head = document.getElementById("claims-head")?.offsetHeight ?? 0;
  column.scrollTop += start.getBoundingClientRect().top - column.getBoundingClientRect().top - head;
}
