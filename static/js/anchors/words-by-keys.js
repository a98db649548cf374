// Choosing words of a text with the keyboard alone: a browser has no caret in a text that can't be
// edited, so that this gives one. Arrow keys move it, with Shift they choose; viewers/passages.js
// sees what is chosen, whichever way.
import { isTable } from "../viewers/cells.js";
import { viewerOf } from "../viewers/viewer.js";
import { say, sayIn } from "../words.js";
import { moveOnPage } from "./page-words.js";

const MOVES = {
  ArrowRight: ["forward", "word"],
  ArrowLeft: ["backward", "word"],
  ArrowDown: ["forward", "line"],
  ArrowUp: ["backward", "line"],
  End: ["forward", "lineboundary"],
  Home: ["backward", "lineboundary"],
};

const equipped = new WeakSet();

// Of a table only its cells are its text, not the numbers and letters along its edges.
function isText(holder, node) {
  return holder.contains(node) && (!isTable(holder) || cellAt(node));
}

function cellAt(node) {
  return (node.closest ? node : node.parentElement).closest("tbody td");
}

// Up and down in a table is the same column in the next row; a browser's own idea of the next line
// is the next cell.
function toNextRow(isDown, isChoosing) {
  const selection = getSelection();
  const cell = cellAt(selection.focusNode);
  const row = isDown ? cell.parentNode.nextElementSibling : cell.parentNode.previousElementSibling;
  const next = row?.cells[cell.cellIndex];
  if (!next) return;
  if (isChoosing) selection.extend(next, isDown ? next.childNodes.length : 0);
  else selection.collapse(next.firstChild ?? next, 0);
}

function firstWord(holder) {
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT, (node) =>
    node.data.trim() && isText(holder, node) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
  );
  return walker.nextNode();
}

function move(holder, key, isChoosing) {
  const selection = getSelection();
  if (isTable(holder) && MOVES[key][1] === "line") {
    toNextRow(MOVES[key][0] === "forward", isChoosing);
    return;
  }
  if (holder.matches(".viewer-words") && moveOnPage(holder, key, isChoosing)) return;
  const before = [selection.focusNode, selection.focusOffset];
  const step = () => selection.modify(isChoosing ? "extend" : "move", ...MOVES[key]);
  step();
  if (holder.contains(selection.focusNode) && !isText(holder, selection.focusNode)) step();
  if (isText(holder, selection.focusNode)) return;
  // Past the text's edge: as it was.
  if (isChoosing) selection.extend(...before);
  else selection.collapse(...before);
}

// Words on a page and cells of a table may lie outside the part that is in sight.
function bringIntoSight(holder) {
  const { focusNode } = getSelection();
  const element = focusNode?.closest ? focusNode : focusNode?.parentElement;
  if (element && element !== holder && !holder.matches("[data-text]")) {
    element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }
}

// The caret is drawn by the style sheet, as a highlight of the letter that it stands before.
function showCaret() {
  const { focusNode, focusOffset, isCollapsed } = getSelection();
  if (!globalThis.Highlight) return;
  CSS.highlights.delete("caret");
  if (!isCollapsed || focusNode?.nodeType !== Node.TEXT_NODE) return;
  const range = document.createRange();
  const end = Math.min(focusOffset + 1, focusNode.data.length);
  range.setStart(focusNode, Math.max(0, end - 1));
  range.setEnd(focusNode, end);
  CSS.highlights.set("caret", new Highlight(range));
}

function begin(holder) {
  const node = firstWord(holder);
  if (!node) return;
  holder.tabIndex = -1;
  holder.setAttribute("aria-description", say("placeByKeysHow"));
  holder.focus({ preventScroll: true });
  getSelection().collapse(node, node.data.length - node.data.trimStart().length);
  showCaret();
}

function listen(holder, { onEnter, leave }) {
  if (equipped.has(holder)) return;
  equipped.add(holder);
  holder.addEventListener("keydown", (event) => {
    if (event.target !== holder || event.ctrlKey || event.metaKey || event.altKey) return;
    if (MOVES[event.key]) move(holder, event.key, event.shiftKey);
    else if (event.key === "Enter") onEnter(holder);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
    showCaret();
    bringIntoSight(holder);
  });
}

// `find` gives what holds the text, or nothing where there are no words.
function offer(before, find, onEnter) {
  if (before.previousElementSibling?.matches(".words-by-keys-said")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm words-by-keys";
  button.textContent = say("placeByKeys");
  const said = document.createElement("span");
  said.className = "words-by-keys-said quiet";
  said.setAttribute("role", "status");
  before.before(button, said);

  const leave = () => {
    getSelection().removeAllRanges();
    globalThis.CSS?.highlights?.delete("caret");
    button.focus();
  };
  button.addEventListener("click", async () => {
    const holder = await find();
    if (!holder) return sayIn(said, say("placeNoWords"));
    said.textContent = "";
    listen(holder, { onEnter, leave });
    begin(holder);
  });
}

// For whatever has words among the viewers in `scope`, as far as they are in `within`; of pages,
// for the page that is looked at.
export function wordsByKeys(within, scope, { onEnter }) {
  for (const holder of within.querySelectorAll(`${scope} :is([data-text], [data-cells])`)) {
    offer(holder, () => holder, onEnter);
  }
  for (const stage of within.querySelectorAll(`${scope} [data-kind=pages] [data-stage]`)) {
    offer(stage, () => viewerOf(stage).words(), onEnter);
  }
}
