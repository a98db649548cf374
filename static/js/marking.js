// The marking page: what is typed is saved as one goes (htmx), and whatever leads away from the
// page waits until the last save is in. Ctrl+Enter goes on to the next claim not judged yet.
const saving = new Set(); // whose save is on its way
const unsaved = new Set(); // who has something that no save has taken yet
let held = null; // the form that waits to be sent

const saverOf = (element) => element.closest?.("[data-saves]");

document.querySelectorAll("[data-hide-saving]").forEach((button) => (button.hidden = true));
document.querySelectorAll("[data-tick-five]").forEach((button) => (button.hidden = false));

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-tick-five]");
  if (!button) return;
  const boxes = [...button.form.querySelectorAll("[data-five]")];
  boxes.forEach((box) => (box.checked = true));
  boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
});

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
  unsaved.delete(detail.elt);
  saving.add(detail.elt);
});

// Too late (409) is said beside the words, which stay where they are.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 409) detail.shouldSwap = true;
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
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

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (form.matches("[data-saves]")) return;
    [...unsaved].forEach((saver) => {
      if (saver.matches("form")) saver.requestSubmit();
      else window.htmx.trigger(saver, "change");
    });
    if (!saving.size && !unsaved.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form, submitter: event.submitter };
  },
  true,
);

// Only what could not be saved (no connection) is worth a question.
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size && !held) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const here = saverOf(event.target);
  if (!here) return;
  event.preventDefault();
  const all = [...document.querySelectorAll("[data-saves]")];
  const next = all
    .slice(all.indexOf(here) + 1)
    .find((each) => !each.querySelector("[type=radio]:checked"));
  (next?.querySelector("[type=radio]") ?? next)?.focus();
});
