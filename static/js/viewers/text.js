// Text and written accounts: passages marked in them.
import "./passages.js";
import { scrolling, toUnits } from "./select.js";

const FLASH = 2500;

// Where the quote stands in the text, in JavaScript's units; null when it is not there.
function spanOf(text, anchor) {
  if (anchor.kind !== "passage" || !anchor.quote) return null;
  const there = anchor.start === null ? -1 : toUnits(text, anchor.start);
  const start = text.startsWith(anchor.quote, there) && there >= 0 ? there : text.indexOf(anchor.quote);
  return start < 0 ? null : { start, end: start + anchor.quote.length, anchor };
}

function textNodes(holder) {
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT);
  const found = [];
  let at = 0;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    found.push({ node, from: at, to: (at += node.data.length) });
  }
  return found;
}

function rangeOf(holder, { start, end }) {
  const range = document.createRange();
  for (const { node, from, to } of textNodes(holder)) {
    if (from <= start && start < to) range.setStart(node, start - from);
    if (from < end && end <= to) range.setEnd(node, end - from);
  }
  return range;
}

function unmark(holder) {
  for (const here of holder.querySelectorAll(".viewer-here")) here.remove();
  for (const mark of holder.querySelectorAll(".viewer-mark")) mark.replaceWith(...mark.childNodes);
  holder.normalize();
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

function mark(holder, spans) {
  const edges = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => b - a);
  for (const { node, from, to } of textNodes(holder)) {
    let end = to;
    for (const edge of [...edges.filter((each) => from < each && each < to), from]) {
      const piece = edge > from ? node.splitText(edge - from) : node;
      const over = spans.filter((span) => span.start <= edge && end <= span.end);
      if (over.length) wrap(piece, over, end);
      end = edge;
    }
  }
}

function scrollTo(range) {
  const here = document.createElement("span");
  range.insertNode(here);
  here.scrollIntoView({ behavior: scrolling(), block: "center" });
  return here;
}

function flash(range) {
  if (!globalThis.Highlight) return;
  CSS.highlights.set("viewer-flash", new Highlight(range));
  setTimeout(() => CSS.highlights.delete("viewer-flash"), FLASH);
}

export function text(root) {
  const holder = root.querySelector("[data-text]");
  return {
    show(anchors) {
      unmark(holder);
      const whole = holder.textContent;
      mark(holder, anchors.map((anchor) => spanOf(whole, anchor)).filter(Boolean));
    },
    goTo(anchor) {
      const span = spanOf(holder.textContent, anchor);
      if (!span) return;
      const here = scrollTo(rangeOf(holder, span));
      const parent = here.parentNode;
      here.remove();
      parent.normalize();
      flash(rangeOf(holder, span));
    },
  };
}
