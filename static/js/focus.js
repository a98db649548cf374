// Where the focus goes: to an error summary when there is one, and nowhere at all when a part of
// the page is replaced under somebody's hands (polling). htmx keeps elements with an id by itself;
// links and fields without one are found again by their address or name.
document.querySelector("[data-focus-me]")?.focus();

const KEYS = ["name", "href", "data-key"];
let lost = null;

function selectorOf(element) {
  const key = KEYS.find((name) => element.hasAttribute(name));
  return key && `${element.localName}[${key}="${CSS.escape(element.getAttribute(key))}"]`;
}

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const active = document.activeElement;
  const open = [...(detail.target?.querySelectorAll("details[open][id]") ?? [])];
  lost = {
    focus: detail.target?.contains(active) && !active.id ? selectorOf(active) : null,
    open: open.map((details) => details.id),
  };
});

document.addEventListener("htmx:afterSwap", () => {
  if (!lost) return;
  for (const id of lost.open) document.getElementById(id)?.setAttribute("open", "");
  if (lost.focus) document.querySelector(lost.focus)?.focus({ preventScroll: true });
  lost = null;
  document.querySelector("[data-focus-me]:not(:focus)")?.focus();
});
