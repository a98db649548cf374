// A spreadsheet's sheets: one at a time, with passages marked in their cells. Without JavaScript
// they stand one below the other.
import "./passages.js";
import { goToSpan, mark, spanOf, unmark } from "./marks.js";

export function sheets(root) {
  const tabs = [...root.querySelectorAll("[data-tabs] a")];
  const all = [...root.querySelectorAll("[data-sheet]")];
  const holders = [...root.querySelectorAll("[data-cells]")];

  const open = (sheet) => {
    for (const tab of tabs) {
      if (tab.hash === `#${sheet.id}`) tab.setAttribute("aria-current", "true");
      else tab.removeAttribute("aria-current");
    }
    for (const each of all) each.hidden = tabs.length > 0 && each !== sheet;
  };

  // Which sheet an address means: itself, or one in which the place is marked.
  const meant = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    const sheet = target && target.closest("[data-sheet]");
    return sheet && all.includes(sheet) ? { sheet, target } : null;
  };

  const follow = () => {
    const found = meant();
    if (!found) return;
    open(found.sheet);
    found.target.scrollIntoView({ block: "center", inline: "center" });
  };

  // The first sheet in which it stands; none, where that part of it is not on this page.
  const find = (anchor) => {
    for (const holder of holders) {
      const span = spanOf(holder, anchor);
      if (span) return { holder, span };
    }
    return null;
  };

  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      open(all.find(({ id }) => tab.hash === `#${id}`));
    });
  }
  addEventListener("hashchange", follow);

  return {
    ready() {
      if (all.length) open(all[0]);
      follow();
    },
    show(anchors) {
      const found = anchors.map(find).filter(Boolean);
      for (const holder of holders) {
        unmark(holder);
        mark(holder, found.filter((each) => each.holder === holder).map(({ span }) => span));
      }
    },
    goTo(anchor) {
      const found = find(anchor);
      if (!found) return false;
      open(found.holder.closest("[data-sheet]"));
      return goToSpan(found.holder, found.span);
    },
  };
}
