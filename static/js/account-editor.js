// <textarea data-account-editor>: buttons that put in the few Markdown marks an account may use.
import { say } from "./words.js";

// execCommand is old, but the only way that keeps the person's "undo" working.
function put(area, from, to, text) {
  area.focus();
  area.setSelectionRange(from, to);
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, from, to, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function bold(area) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  put(area, from, to, `**${value.slice(from, to)}**`);
  if (from === to) area.setSelectionRange(from + 2, from + 2);
}

const MARK = /^(?:[-*] |\d+\. )/;

// Every line that the selection touches gets the mark, or loses it when all have it already.
function list(area, markOf) {
  const { value } = area;
  const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const next = value.indexOf("\n", area.selectionEnd);
  const to = next === -1 ? value.length : next;
  const lines = value.slice(from, to).split("\n");
  const marked = lines.map((line, at) => markOf(at) + line.replace(MARK, ""));
  const same = lines.every((line, at) => line === marked[at]);
  const result = same ? lines.map((line) => line.replace(MARK, "")) : marked;
  put(area, from, to, result.join("\n"));
}

const TOOLS = [
  ["list", (area) => list(area, () => "- ")],
  ["numbered", (area) => list(area, (at) => `${at + 1}. `)],
  ["bold", bold],
];

// One stop for the Tab key; the arrow keys move between the buttons.
function step(event, buttons) {
  const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!move) return;
  event.preventDefault();
  const at = buttons.indexOf(document.activeElement);
  const next = buttons[(at + move + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

function equip(area) {
  const bar = document.createElement("div");
  bar.className = "editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", say("tools"));
  bar.setAttribute("aria-controls", area.id);
  const buttons = TOOLS.map(([key, act], at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm";
    button.textContent = say(key);
    button.tabIndex = at ? -1 : 0;
    button.addEventListener("click", () => act(area));
    return button;
  });
  bar.addEventListener("keydown", (event) => step(event, buttons));
  bar.append(...buttons);
  area.before(bar);
  area.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "b") {
      event.preventDefault();
      bold(area);
    }
  });
}

document.querySelectorAll("textarea[data-account-editor]").forEach(equip);
