// "Tick all five", and no button for a saving that goes by itself.
document.querySelectorAll("[data-hide-saving]").forEach((button) => (button.hidden = true));
document.querySelectorAll("[data-tick-five]").forEach((button) => (button.hidden = false));

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-tick-five]");
  if (!button) return;
  const boxes = [...button.form.querySelectorAll("[data-five]")];
  boxes.forEach((box) => (box.checked = true));
  boxes[0].dispatchEvent(new Event("change", { bubbles: true }));
});
