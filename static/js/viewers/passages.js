// Selecting words, by mouse, touch or keyboard, in [data-text], in the cells of a sheet or over a
// page, picks a passage.
import { before, isTable } from "./cells.js";
import { startOf, textOf } from "./marks.js";
import { select, toCharacters } from "./select.js";

const AROUND = 40; // characters kept from before and after, to find the passage again
const SETTLED = 350; // milliseconds in which a selection did not change

const HOLDERS = "[data-viewer] :is([data-text], [data-cells], .viewer-words)";
let waiting = 0;
let held = false;
let last = "";

function lengthBefore(holder, node, offset) {
  if (isTable(holder)) return before(holder, node, offset);
  const range = document.createRange();
  range.selectNodeContents(holder);
  range.setEnd(node, offset);
  return range.toString().length;
}

// The selected stretch of a holder, without the space around it; null when there is none.
function stretch(holder, range) {
  const text = textOf(holder);
  const inside = (node) => holder.contains(node);
  let from = inside(range.startContainer)
    ? lengthBefore(holder, range.startContainer, range.startOffset)
    : 0;
  let to = inside(range.endContainer)
    ? lengthBefore(holder, range.endContainer, range.endOffset)
    : text.length;
  const chosen = text.slice(from, to);
  from += chosen.length - chosen.trimStart().length;
  to -= chosen.length - chosen.trimEnd().length;
  return from < to ? { text, from, to } : null;
}

function pick() {
  const chosen = getSelection();
  if (!chosen.rangeCount || chosen.isCollapsed) {
    last = "";
    return;
  }
  const range = chosen.getRangeAt(0);
  for (const holder of document.querySelectorAll(HOLDERS)) {
    const found = range.intersectsNode(holder) && stretch(holder, range);
    if (found) {
      tell(holder, found);
      return;
    }
  }
}

function tell(holder, { text, from, to }) {
  const root = holder.closest("[data-viewer]");
  const page = holder.closest("[data-page]");
  const fields = {
    kind: "passage",
    quote: text.slice(from, to),
    prefix: text.slice(Math.max(0, from - AROUND), from),
    suffix: text.slice(to, to + AROUND),
    start: startOf(holder) + toCharacters(text, from),
    page: page ? Number(page.dataset.page) : null,
  };
  const now = JSON.stringify([root.id, fields]);
  if (now === last) return;
  last = now;
  select(root, fields);
}

function later() {
  clearTimeout(waiting);
  if (!held) waiting = setTimeout(pick, SETTLED);
}

document.addEventListener("selectionchange", later);
document.addEventListener("pointerdown", () => {
  held = true;
});
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => {
    held = false;
    later();
  });
}
