// On a phone the parts of the page become tabs. Nothing is taken out of the page: what is not
// looked at keeps its width, so that what viewers measured stays right.
const NARROW = matchMedia("(max-width: 61.99rem)");
const bar = document.querySelector("[data-marking-tabs]");
const tabs = bar ? [...bar.querySelectorAll("a")] : [];
const panelOf = (tab) => document.getElementById(tab.hash.slice(1));
const scrolled = new Map();
let chosen = null;

function show(tab, { focus = false } = {}) {
  if (chosen && chosen !== tab) scrolled.set(chosen, scrollY);
  const isNew = chosen !== tab;
  chosen = tab;
  for (const each of tabs) {
    const isIt = each === tab;
    each.setAttribute("aria-selected", isIt);
    each.tabIndex = isIt ? 0 : -1;
    panelOf(each).classList.toggle("is-away", !isIt);
  }
  if (isNew) scrollTo({ top: Math.min(scrolled.get(tab) ?? 0, document.body.scrollHeight), behavior: "instant" });
  if (focus) tab.focus({ preventScroll: true });
}

// Brings the part into sight that an element lies in.
export function reveal(element) {
  if (!NARROW.matches) return;
  const tab = tabs.find((each) => panelOf(each).contains(element));
  if (tab && tab !== chosen) show(tab);
}

function arrange() {
  const isNarrow = NARROW.matches;
  if (isNarrow) bar.setAttribute("role", "tablist");
  else bar.removeAttribute("role");
  for (const tab of tabs) {
    const panel = panelOf(tab);
    tab.id ||= `${panel.id}-tab`;
    if (isNarrow) {
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", panel.id);
      continue;
    }
    for (const name of ["role", "aria-controls", "aria-selected", "tabindex"]) tab.removeAttribute(name);
    panel.classList.remove("is-away");
  }
  if (isNarrow) show(first());
  else chosen = null;
}

function first() {
  const wanted = document.querySelector(".error-summary") ? null : targetOf(location.hash);
  return tabs.find((tab) => wanted && panelOf(tab).contains(wanted)) ?? tabs[0];
}

function targetOf(hash) {
  return hash.length > 1 ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
}

function onClick(event) {
  if (!NARROW.matches) return;
  const link = event.target.closest("a[href^='#'], [data-anchor], .anchor-back");
  if (!link) return;
  if (tabs.includes(link)) {
    event.preventDefault();
    show(link);
  } else if (link.matches("[data-anchor]")) reveal(document.getElementById("evidence"));
  else if (link.matches(".anchor-back")) reveal(document.getElementById("claims"));
  else if (targetOf(link.hash)) reveal(targetOf(link.hash));
}

function onKey(event) {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  const at = tabs.indexOf(document.activeElement);
  if (!step || at < 0 || !NARROW.matches) return;
  event.preventDefault();
  show(tabs[(at + step + tabs.length) % tabs.length], { focus: true });
}

if (tabs.length) {
  document.documentElement.classList.add("has-marking-tabs");
  document.addEventListener("click", onClick, true);
  bar.addEventListener("keydown", onKey);
  addEventListener("hashchange", () => targetOf(location.hash) && reveal(targetOf(location.hash)));
  NARROW.addEventListener("change", arrange);
  arrange();
}
