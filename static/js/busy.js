// A form on its way is not sent again by a second press, and says so when it takes a while.
// The server refuses doubles by itself; this spares people the doubt. Opt out: data-busy="off".
import { say } from "./words.js";

const SLOW = 1000;
const GIVE_BACK = 20000; // a download leaves the page standing: let it be used again
const onTheWay = new Map();

function release(form) {
  const { timers, note, button } = onTheWay.get(form) ?? {};
  timers?.forEach(clearTimeout);
  note?.remove();
  button?.removeAttribute("aria-disabled");
  onTheWay.delete(form);
}

function hold(form, button) {
  const note = document.createElement("p");
  note.className = "form-busy";
  note.setAttribute("role", "status");
  form.append(note);
  button?.setAttribute("aria-disabled", "true");
  const timers = [
    setTimeout(() => (note.textContent = say("busy")), SLOW),
    setTimeout(() => release(form), GIVE_BACK),
  ];
  onTheWay.set(form, { timers, note, button });
}

// Not form.method: a field may be called "method" and then stands in its place.
const isPost = (form) => form.getAttribute("method")?.toLowerCase() === "post";

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !isPost(form) || form.dataset.busy === "off") return;
  if (onTheWay.has(form)) event.preventDefault();
  else hold(form, event.submitter);
});

// Coming back by the browser's "back": nothing is on its way any more.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) [...onTheWay.keys()].forEach(release);
});
