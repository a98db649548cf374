// The strip below a recording: where it stands, what is marked, and a place to press or slide.
import { clock } from "./clock.js";

const SVG = "http://www.w3.org/2000/svg";

function jumps(now, duration) {
  const tenth = duration / 10;
  return {
    ArrowLeft: now - 1,
    ArrowDown: now - 1,
    ArrowRight: now + 1,
    ArrowUp: now + 1,
    PageDown: now - tenth,
    PageUp: now + tenth,
    Home: 0,
    End: duration,
  };
}

export function strip(root, player) {
  const bar = root.querySelector("[data-strip]");
  const line = bar.querySelector("[data-now]");
  const draft = bar.querySelector("[data-draft]");
  const bands = bar.querySelector("[data-bands]");
  let sliding = false;
  let from = null; // where the finger came down

  const seekTo = (event) => {
    const box = bar.getBoundingClientRect();
    const share = Math.min(Math.max(0, (event.clientX - box.left) / box.width), 1);
    player.seek(share * player.duration);
  };
  bar.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    sliding = true;
    from = { x: event.clientX, y: event.clientY };
    bar.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  bar.addEventListener("pointermove", (event) => sliding && seekTo(event));
  // A finger's slide that ends fast is no fling, or else the next tap would only stop that. One
  // that goes up or down still scrolls the page.
  const keep = (event) => {
    const [touch] = event.touches;
    const across = Math.abs(touch.clientX - from?.x) > Math.abs(touch.clientY - from?.y);
    if (sliding && across && event.cancelable) event.preventDefault();
  };
  bar.addEventListener("touchmove", keep, { passive: false });
  for (const end of ["pointerup", "pointercancel"]) {
    bar.addEventListener(end, () => {
      sliding = false;
    });
  }
  bar.addEventListener("keydown", (event) => {
    const to = jumps(player.media.currentTime, player.duration || 0)[event.key];
    if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    player.seek(to);
  });

  return {
    tick(now, duration) {
      const share = duration ? (now / duration) * 100 : 0;
      line.setAttribute("x1", share);
      line.setAttribute("x2", share);
      bar.setAttribute("aria-valuenow", now.toFixed(1));
      bar.setAttribute("aria-valuemax", (duration || 0).toFixed(1));
      bar.setAttribute("aria-valuetext", clock(Math.floor(now)));
    },
    draft(begins, ends, duration) {
      draft.setAttribute("x", (begins / (duration || 1)) * 100);
      draft.setAttribute("width", ((ends - begins) / (duration || 1)) * 100);
    },
    bands(anchors, duration) {
      bands.replaceChildren(...anchors.map((anchor) => band(anchor, duration || 1)));
    },
  };
}

function band({ begins, ends }, duration) {
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", "viewer-band");
  rect.setAttribute("x", (begins / duration) * 100);
  rect.setAttribute("width", Math.max(0.5, ((ends - begins) / duration) * 100));
  rect.setAttribute("y", 0);
  rect.setAttribute("height", 1);
  return rect;
}
