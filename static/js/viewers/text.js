// Text and written accounts: passages marked in them.
import "./passages.js";
import { goToSpan, mark, spanOf, unmark } from "./marks.js";

export function text(root) {
  const holder = root.querySelector("[data-text]");
  return {
    show(anchors) {
      unmark(holder);
      mark(holder, anchors.map((anchor) => spanOf(holder, anchor)).filter(Boolean));
    },
    goTo(anchor) {
      const span = spanOf(holder, anchor);
      return span !== null && goToSpan(holder, span);
    },
  };
}
