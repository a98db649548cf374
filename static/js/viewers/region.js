// "Mark a part": a box drawn by mouse or finger, or placed by arrow keys, picks a region.
import { select } from "./select.js";
import { say } from "../words.js";

const SMALLEST = 0.01;
const STEP = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const round = (value) => Math.round(value * 1e4) / 1e4;
const within = (value, least, most) => Math.min(Math.max(value, least), most);

// What is seen, turned back to how the page lies.
const POINT = {
  0: (u, v) => [u, v],
  90: (u, v) => [v, 1 - u],
  180: (u, v) => [1 - u, 1 - v],
  270: (u, v) => [1 - v, u],
};
const WAY = {
  0: (u, v) => [u, v],
  90: (u, v) => [v, -u],
  180: (u, v) => [-u, -v],
  270: (u, v) => [-v, u],
};

class Marker {
  constructor(pages) {
    this.pages = pages;
    this.button = pages.root.querySelector("[data-do=mark]");
    this.takes = pages.root.querySelector("[data-do=take]");
    this.frame = null;
    this.isOn = false;
    this.start = null;
    this.keep = (event) => this.start && event.preventDefault();
    const { stage } = pages;
    stage.addEventListener("pointerdown", (event) => this.down(event));
    stage.addEventListener("pointermove", (event) => this.move(event));
    stage.addEventListener("pointerup", (event) => this.up(event));
    stage.addEventListener("pointercancel", () => this.drop());
  }

  toggle({ byKeyboard = false } = {}) {
    this.set(!this.isOn);
    if (!this.isOn) {
      this.clear();
      this.button.focus();
      return;
    }
    this.pages.tell(say(byKeyboard ? "viewerBoxKeys" : "viewerBoxDraw"));
    if (byKeyboard) this.place();
  }

  set(on) {
    this.isOn = on;
    this.button?.setAttribute("aria-pressed", on);
    const { stage } = this.pages;
    stage.classList.toggle("is-marking", on);
    // A finger's stroke that ends fast is no fling, or else the next tap, on "Add", would only stop
    // that. Listened to while marking alone, since scrolling waits for such a listener.
    if (on) stage.addEventListener("touchmove", this.keep, { passive: false });
    else stage.removeEventListener("touchmove", this.keep);
  }

  // A box in the middle of what is seen, for the keyboard.
  place() {
    const page = this.pages.element(this.pages.page);
    const [all, stage] = [page.getBoundingClientRect(), this.pages.stage.getBoundingClientRect()];
    const seen = {
      left: Math.max(all.left, stage.left),
      top: Math.max(all.top, stage.top),
      right: Math.min(all.right, stage.right),
      bottom: Math.min(all.bottom, stage.bottom),
    };
    const across = seen.right - seen.left;
    const down = seen.bottom - seen.top;
    const corner = this.at(page, seen.left + across * 0.3, seen.top + down * 0.3);
    const other = this.at(page, seen.left + across * 0.7, seen.top + down * 0.7);
    this.span(page, corner, other);
    this.frame.focus();
  }

  at(page, clientX, clientY) {
    const box = page.getBoundingClientRect();
    const u = within((clientX - box.left) / box.width, 0, 1);
    const v = within((clientY - box.top) / box.height, 0, 1);
    return POINT[this.pages.turn](u, v);
  }

  span(page, [x1, y1], [x2, y2]) {
    const [x, y] = [Math.min(x1, x2), Math.min(y1, y2)];
    this.put(page, { x, y, width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) });
  }

  put(page, box) {
    this.frame ??= this.makeFrame();
    const holder = page.querySelector("[data-turn]");
    if (this.frame.parentNode !== holder) holder.append(this.frame);
    this.page = page;
    this.box = box;
    for (const [side, value] of [["left", box.x], ["top", box.y], ["width", box.width], ["height", box.height]]) {
      this.frame.style[side] = `${value * 100}%`;
    }
    if (this.takes) this.takes.hidden = false;
  }

  makeFrame() {
    const frame = document.createElement("div");
    frame.className = "viewer-frame";
    frame.tabIndex = 0;
    frame.setAttribute("role", "application");
    frame.setAttribute("aria-label", say("viewerBox"));
    frame.addEventListener("keydown", (event) => this.key(event));
    return frame;
  }

  key(event) {
    const arrow = ARROWS[event.key];
    if (arrow) this.nudge(WAY[this.pages.turn](...arrow), event.shiftKey);
    else if (event.key === "Enter") this.take();
    else if (event.key === "Escape") this.toggle();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  nudge([dx, dy], resize) {
    const { x, y, width, height } = this.box;
    const grown = {
      x,
      y,
      width: within(width + dx * STEP, SMALLEST, 1 - x),
      height: within(height + dy * STEP, SMALLEST, 1 - y),
    };
    const moved = {
      x: within(x + dx * STEP, 0, 1 - width),
      y: within(y + dy * STEP, 0, 1 - height),
      width,
      height,
    };
    this.put(this.page, resize ? grown : moved);
    this.frame.scrollIntoView({ block: "nearest", inline: "nearest" });
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.tellPlace(), 400);
  }

  tellPlace() {
    const percent = (value) => Math.round(value * 100);
    const { x, y, width, height } = this.box;
    const values = { x: percent(x), y: percent(y), width: percent(width), height: percent(height) };
    this.pages.tell(say("viewerBoxAt", values));
  }

  down(event) {
    const page = event.target.closest("[data-page]");
    if (!this.isOn || !page || event.button || !event.isPrimary) return;
    event.preventDefault();
    this.start = { page, point: this.at(page, event.clientX, event.clientY) };
    this.pages.stage.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.start) return;
    const { page, point } = this.start;
    this.span(page, point, this.at(page, event.clientX, event.clientY));
  }

  up(event) {
    if (!this.start) return;
    this.move(event);
    this.start = null;
    if (this.box.width < SMALLEST || this.box.height < SMALLEST) this.clear();
    else this.take();
  }

  drop() {
    this.start = null;
    this.clear();
  }

  take() {
    if (!this.frame) return;
    const { x, y, width, height } = this.box;
    select(this.pages.root, {
      kind: "region",
      page: this.pages.isPicture ? null : Number(this.page.dataset.page),
      x: round(x),
      y: round(y),
      width: round(Math.min(width, 1 - round(x))),
      height: round(Math.min(height, 1 - round(y))),
    });
    this.pages.tell(say("viewerBoxTaken"));
  }

  clear() {
    this.frame?.remove();
    this.frame = null;
    if (this.takes) this.takes.hidden = true;
  }
}

export const marker = (pages) => new Marker(pages);
