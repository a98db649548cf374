// Choosing words of a text with the keyboard alone: a browser has no caret in a text that can't be
// edited, so that this gives one. Arrow keys move it, with Shift they choose; viewers/passages.js
// sees what is chosen, whichever way.
import { say } from "../words.js";

const MOVES = {
  ArrowRight: ["forward", "word"],
  ArrowLeft: ["backward", "word"],
  ArrowDown: ["forward", "line"],
  ArrowUp: ["backward", "line"],
  End: ["forward", "lineboundary"],
  Home: ["backward", "lineboundary"],
};

function firstWord(holder) {
  const walker = document.createTreeWalker(holder, NodeFilter.SHOW_TEXT, (node) =>
    node.data.trim() ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP,
  );
  return walker.nextNode();
}

function move(holder, key, isChoosing) {
  const selection = getSelection();
  const before = [selection.focusNode, selection.focusOffset];
  selection.modify(isChoosing ? "extend" : "move", ...MOVES[key]);
  if (holder.contains(selection.focusNode)) return;
  // Past the text's edge: as it was.
  if (isChoosing) selection.extend(...before);
  else selection.collapse(...before);
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

export function wordsByKeys(holder, { onEnter }) {
  if (holder.previousElementSibling?.matches(".words-by-keys")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm words-by-keys";
  button.textContent = say("placeByKeys");
  holder.before(button);

  const leave = () => {
    getSelection().removeAllRanges();
    globalThis.CSS?.highlights?.delete("caret");
    button.focus();
  };

  button.addEventListener("click", () => {
    const node = firstWord(holder);
    if (!node) return;
    holder.tabIndex = -1;
    holder.setAttribute("aria-description", say("placeByKeysHow"));
    holder.focus({ preventScroll: true });
    getSelection().collapse(node, node.data.length - node.data.trimStart().length);
    showCaret();
  });

  holder.addEventListener("keydown", (event) => {
    if (event.target !== holder || event.ctrlKey || event.metaKey || event.altKey) return;
    if (MOVES[event.key]) move(holder, event.key, event.shiftKey);
    else if (event.key === "Enter") onEnter(holder);
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
    showCaret();
  });
}
