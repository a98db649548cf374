// Passages in what holds text: a [data-text], whose text content it is, or a [data-cells]. Where
// they stand, marked for good or for a moment.
import { cellsOf, isTable } from "./cells.js";
import { scrolling, toUnits } from "./select.js";

const FLASH = 2500;

export const textOf = (holder) => (isTable(holder) ? cellsOf(holder).text : holder.textContent);
export const startOf = (holder) => Number(holder.dataset.at ?? 0);

// Where the quote stands in the holder, in JavaScript's units; null when it is not there. A place
// that is known is never looked for elsewhere: the same words somewhere else are not meant.
export function spanOf(holder, anchor) {
  if (anchor.kind !== "passage" || !anchor.quote) return null;
  const text = textOf(holder);
  const start =
    anchor.start === null ? text.indexOf(anchor.quote) : toUnits(text, anchor.start - startOf(holder));
  const isThere = start >= 0 && text.startsWith(anchor.quote, start);
  return isThere ? { start, end: start + anchor.quote.length, anchor } : null;
}

function textNodes(holder, at = 0) {
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    found.push({ node, from: at, to: (at += node.data.length) });
  }
  return found;
}

// Of a table only the cells that the spans are in.
function pieces(holder, spans) {
  if (!isTable(holder)) return textNodes(holder);
  const over = ({ from, to }) => spans.some(({ start, end }) => start < to && from < end);
  return cellsOf(holder)
    .cells.filter(over)
    .flatMap(({ cell, from }) => textNodes(cell, from));
}

export function unmark(holder) {
  for (const here of holder.querySelectorAll(".viewer-here")) here.remove();
  for (const mark of holder.querySelectorAll(".viewer-mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    if (isTable(holder)) parent.normalize();
  }
  if (!isTable(holder)) holder.normalize();
}

// The label is drawn by the style sheet: as text it would become part of what is quoted.
function wrap(node, over, end) {
  const mark = document.createElement("mark");
  mark.className = "viewer-mark";
  const codes = over.filter((span) => span.end === end).map((span) => span.anchor.code);
  const label = codes.filter(Boolean).join(" ");
  if (label) mark.dataset.label = label;
  node.replaceWith(mark);
  mark.append(node);
}

export function mark(holder, spans) {
  const edges = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => b - a);
  for (const { node, from, to } of pieces(holder, spans)) {
    let end = to;
    for (const edge of [...edges.filter((each) => from < each && each < to), from]) {
      const piece = edge > from ? node.splitText(edge - from) : node;
      const over = spans.filter((span) => span.start <= edge && end <= span.end);
      if (over.length && edge < end) wrap(piece, over, end);
      end = edge;
    }
  }
}

function rangesOf(holder, span) {
  return pieces(holder, [span])
    .filter(({ from, to }) => span.start < to && from < span.end)
    .map(({ node, from, to }) => {
      const range = document.createRange();
      range.setStart(node, Math.max(span.start, from) - from);
      range.setEnd(node, Math.min(span.end, to) - from);
      return range;
    });
}

function scrollTo(range) {
  const here = document.createElement("span");
  range.insertNode(here);
  here.scrollIntoView({ behavior: scrolling(), block: "center", inline: "center" });
  const parent = here.parentNode;
  here.remove();
  parent.normalize();
}

function flash(ranges) {
  if (!globalThis.Highlight) return;
  CSS.highlights.set("viewer-flash", new Highlight(...ranges));
  setTimeout(() => CSS.highlights.delete("viewer-flash"), FLASH);
}

export function goToSpan(holder, span) {
  const [first] = rangesOf(holder, span);
  if (!first) return false;
  scrollTo(first);
  flash(rangesOf(holder, span));
  return true;
}
