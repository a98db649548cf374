// <details data-remember="name"> stays as one left it, from item to item.
const keyOf = (details) => `signpost-fold:${details.dataset.remember}`;

for (const details of document.querySelectorAll("[data-remember]")) {
  const before = localStorage.getItem(keyOf(details));
  if (before) details.open = before === "open";
  details.addEventListener("toggle", () => {
    localStorage.setItem(keyOf(details), details.open ? "open" : "closed");
  });
}
