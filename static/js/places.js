// [data-places] holds [data-place] rows, each with a number in its …-order field. The buttons
// [data-up] and [data-down] move a row among those of its kind. Without JavaScript the numbers do.
const KIND = "select[name$=-kind]";
const ORDER = "input[name$=-order]";

function sibling(row, kind, step) {
  let other = row[step];
  while (other && other.querySelector(KIND).value !== kind) other = other[step];
  return other;
}

function renumber(holder, kind) {
  const rows = [...holder.querySelectorAll("[data-place]")];
  rows
    .filter((row) => row.querySelector(KIND).value === kind && row.querySelector(ORDER).value)
    .forEach((row, at) => {
      row.querySelector(ORDER).value = at + 1;
    });
}

function move(holder, button, step) {
  const row = button.closest("[data-place]");
  const kind = row.querySelector(KIND).value;
  const other = sibling(row, kind, step);
  if (!other) return;
  if (step === "previousElementSibling") other.before(row);
  else other.after(row);
  renumber(holder, kind);
  button.focus();
}

document.querySelectorAll("[data-places]").forEach((holder) => {
  holder.querySelectorAll("[data-up], [data-down]").forEach((button) => {
    button.hidden = !button.closest("[data-place]").querySelector(ORDER).value;
  });
  holder.addEventListener("click", (event) => {
    const button = event.target.closest("[data-up], [data-down]");
    if (!button) return;
    move(holder, button, "up" in button.dataset ? "previousElementSibling" : "nextElementSibling");
  });
});
