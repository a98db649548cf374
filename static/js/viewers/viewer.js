// <section data-viewer data-file data-sha256 data-kind>: what goes beyond showing. Everything in
// it can be seen without this script.
//
//   viewerOf(element)   the viewer that an element is, or is in:
//     .goTo(anchor)     goes to the place and points to it, plays a moment; whether it could: not
//                       where the place lies beyond what is shown
//     .words()          the words of the page that is looked at, once they are there, or null
//     .show(anchors)    from now on exactly these are highlighted; { code, id } label them
//     .clear()          takes away a box or a start and end that was drawn
//   `signpost:select`   bubbles from the section when somebody picks a place (select.js)
import { media } from "./media.js";
import { pages } from "./pages.js";
import { sheets } from "./sheets.js";
import { isOf, scrolling } from "./select.js";
import { text } from "./text.js";

const KINDS = {
  pages,
  picture: pages,
  film: media,
  sound: media,
  text,
  account: text,
  mail: text,
  table: sheets,
};
const STILL = { goTo: () => false, show() {}, clear() {}, words: async () => null };

// One for the page: a script tag and an import may have loaded this twice, under two addresses.
const known = (globalThis.signpostViewers ??= new WeakMap());

export function viewerOf(element) {
  const root = element.closest("[data-viewer]");
  if (!root) return null;
  if (!known.has(root)) known.set(root, equip(root));
  return known.get(root);
}

function equip(root) {
  const isWhole = root.querySelector("[data-media], [data-stage], [data-text], [data-sheet]");
  const parts = { ...STILL, ...(isWhole && KINDS[root.dataset.kind]?.(root)) };
  for (const tool of root.querySelectorAll("[data-bar], [data-keys], [data-strip]")) {
    tool.hidden = false;
  }
  parts.ready?.();
  return {
    root,
    show: (anchors) => parts.show(anchors.filter((anchor) => isOf(root, anchor))),
    clear: () => parts.clear(),
    words: () => parts.words(),
    goTo(anchor) {
      if (!isOf(root, anchor)) return false;
      if (anchor.kind !== "whole") return parts.goTo(anchor);
      root.scrollIntoView({ behavior: scrolling(), block: "start" });
      return true;
    },
  };
}

function equipAll(within) {
  if (within.matches?.("[data-viewer]")) viewerOf(within);
  within.querySelectorAll("[data-viewer]").forEach(viewerOf);
}

equipAll(document);
document.addEventListener("htmx:load", ({ detail }) => equipAll(detail.elt));

// What is playing while its preview is made goes on; it is looked at again when it has stopped.
document.addEventListener("htmx:beforeSwap", (event) => {
  const players = [...(event.detail.target?.querySelectorAll("video, audio") ?? [])];
  if (players.some((player) => !player.paused)) event.detail.shouldSwap = false;
});
