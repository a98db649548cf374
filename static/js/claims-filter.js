// [data-claims-filter]: narrows a long list of criteria to those with the words that were typed,
// or to those that are ticked. What is hidden keeps its tick and goes off with the form.
const box = document.querySelector("[data-claims-filter]");
const search = box?.querySelector("[data-claims-search]");
const onlyTicked = box?.querySelector("[data-claims-ticked]");
const count = box?.querySelector("[data-claims-count]");
const choices = [...document.querySelectorAll("[data-claims-choice]")];
const tickOf = (choice) => choice.querySelector("input[type=checkbox]");

function fits(choice, words) {
  if (onlyTicked.checked && !tickOf(choice).checked) return false;
  const text = choice.querySelector("label").textContent.toLowerCase();
  return words.every((word) => text.includes(word));
}

// A heading is wanted only above something.
function hideEmptyHeadings() {
  for (const unit of document.querySelectorAll("[data-claims-unit]")) {
    let heading = null;
    for (const part of unit.querySelectorAll("[data-claims-group], [data-claims-choice]")) {
      if (part.matches("[data-claims-group]")) {
        heading = part;
        heading.hidden = true;
      } else if (!part.hidden && heading) heading.hidden = false;
    }
    unit.hidden = !unit.querySelector("[data-claims-choice]:not([hidden])");
  }
}

function say() {
  const values = {
    shown: choices.filter((choice) => !choice.hidden).length,
    all: choices.length,
    ticked: choices.filter((choice) => tickOf(choice).checked).length,
  };
  count.textContent = count.dataset.words.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function show() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const choice of choices) choice.hidden = !fits(choice, words);
  hideEmptyHeadings();
  say();
}

if (box) {
  box.hidden = false;
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault(); // looking for something is not saving it
  });
  onlyTicked.addEventListener("change", show);
  document.addEventListener("change", say);
  say();
}
