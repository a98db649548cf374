// Film and sound beyond the browser's own controls: speed, steps, the strip, marking from and to.
import { clock } from "./clock.js";
import { strip } from "./strip.js";
import { select, scrolling } from "./select.js";
import { say } from "../words.js";

const STEP = 5;

class Media {
  constructor(root) {
    this.root = root;
    this.media = root.querySelector("[data-media]");
    this.speed = root.querySelector("[data-speed]");
    this.time = root.querySelector("[data-time]");
    this.moments = root.querySelector("[data-marks]");
    this.marked = root.querySelector("[data-picked]");
    this.said = root.querySelector("[data-said]");
    this.strip = strip(root, this);
    this.begins = this.ends = this.until = null;
    this.listen();
  }

  get duration() {
    const { duration } = this.media;
    return Number.isFinite(duration) && duration > 0 ? duration : Number(this.media.dataset.duration);
  }

  get frame() {
    return 1 / (Number(this.media.dataset.frameRate) || 25);
  }

  listen() {
    const { media, root } = this;
    for (const event of ["timeupdate", "seeked", "loadedmetadata"]) {
      media.addEventListener(event, () => this.tick());
    }
    for (const event of ["play", "pause"]) media.addEventListener(event, () => this.showPlaying());
    media.addEventListener("ratechange", () => this.showSpeed());
    root.addEventListener("click", (event) => this.click(event));
    root.addEventListener("keydown", (event) => this.key(event));
    this.speed.addEventListener("change", () => {
      media.playbackRate = Number(this.speed.value);
    });
  }

  click(event) {
    const link = event.target.closest("a[data-begins]");
    if (link) {
      event.preventDefault();
      this.play(Number(link.dataset.begins), Number(link.dataset.ends));
      return;
    }
    this.do(event.target.closest("[data-do]")?.dataset.do);
  }

  do(name) {
    const acts = {
      play: () => this.toggle(),
      back: () => this.move(-STEP),
      on: () => this.move(STEP),
      "frame-back": () => this.stepFrame(-1),
      "frame-on": () => this.stepFrame(1),
      begin: () => this.markBegin(),
      end: () => this.markEnd(),
    };
    acts[name]?.();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, summary, a, video, audio")) return;
    const names = { k: "play", j: "back", l: "on", i: "begin", o: "end" };
    const frames = this.media.localName === "video" ? { ",": "frame-back", ".": "frame-on" } : {};
    const name = { ...names, ...frames }[event.key.toLowerCase()];
    const speed = { "<": -1, ">": 1 }[event.key];
    if (!name && !speed) return;
    if (["begin", "end"].includes(name) && !this.marked) return;
    event.preventDefault();
    if (name) this.do(name);
    else this.changeSpeed(speed);
  }

  toggle() {
    this.until = null;
    if (this.media.paused) this.start();
    else this.media.pause();
  }

  // A browser may refuse to play by itself; then its own button is there to press.
  start() {
    this.media.play().catch(() => this.showPlaying());
  }

  seek(seconds) {
    this.until = null;
    const last = this.duration || Infinity;
    this.media.currentTime = Math.min(Math.max(0, seconds), last);
    this.tick();
  }

  move(by) {
    this.seek(this.media.currentTime + by);
  }

  stepFrame(by) {
    this.media.pause();
    this.seek(this.media.currentTime + by * this.frame);
  }

  changeSpeed(by) {
    const next = this.speed.options[this.speed.selectedIndex + by];
    if (next) this.media.playbackRate = Number(next.value);
  }

  play(begins, ends) {
    this.seek(begins);
    this.until = ends > begins ? ends : null;
    this.start();
  }

  tick() {
    const now = this.media.currentTime;
    this.time.textContent = say("viewerTime", { now: clock(now), all: clock(this.duration || 0) });
    this.strip.tick(now, this.duration);
    if (this.until !== null && now >= this.until) {
      this.until = null;
      this.media.pause();
    }
  }

  showPlaying() {
    const { paused } = this.media;
    const button = this.root.querySelector("[data-do=play]");
    button.title = paused ? button.dataset.play : button.dataset.pause;
    button.setAttribute("aria-label", button.title);
    this.root.classList.toggle("is-playing", !paused);
  }

  showSpeed() {
    const rate = String(this.media.playbackRate);
    if ([...this.speed.options].some(({ value }) => value === rate)) this.speed.value = rate;
  }

  // ------------------------------------------------------------------ from and to

  markBegin() {
    this.begins = this.here();
    if (this.ends !== null && this.ends <= this.begins) this.ends = null;
    this.told();
  }

  markEnd() {
    const here = this.here();
    if (this.begins !== null && here <= this.begins) this.begins = null;
    this.ends = here;
    this.begins ??= 0;
    if (this.ends > this.begins) this.told();
    else this.clear();
  }

  here() {
    return Math.round(this.media.currentTime * 100) / 100;
  }

  told() {
    const { begins, ends } = this;
    this.strip.draft(begins, ends ?? begins, this.duration);
    const whole = ends !== null;
    const values = { begins: clock(begins), ends: whole ? clock(ends) : "" };
    const words = say(whole ? "viewerMoment" : "viewerFrom", values);
    if (this.marked) this.marked.textContent = words;
    this.said.textContent = words;
    if (whole) select(this.root, { kind: "moment", begins, ends });
  }

  clear() {
    this.begins = this.ends = null;
    this.strip.draft(0, 0, 1);
    if (this.marked) this.marked.textContent = "";
  }

  // ------------------------------------------------------------------ marked moments

  show(anchors) {
    const timed = anchors.filter(({ kind }) => kind === "moment").sort((a, b) => a.begins - b.begins);
    this.moments.replaceChildren(...timed.map((anchor) => this.item(anchor)));
    this.strip.bands(timed, this.duration);
  }

  item({ id, code, begins, ends }) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    if (id) item.id = `mark-${id}`;
    link.href = `${this.media.getAttribute("src")}#t=${begins},${ends}`;
    Object.assign(link.dataset, { begins, ends });
    if (code) {
      const label = document.createElement("span");
      label.className = "viewer-code";
      label.textContent = code;
      link.append(label, " ");
    }
    link.append(say("viewerMoment", { begins: clock(begins), ends: clock(ends) }));
    item.append(link);
    return item;
  }

  goTo({ begins, ends }) {
    this.media.scrollIntoView({ behavior: scrolling(), block: "nearest" });
    this.play(begins, ends);
    return true;
  }
}

export function media(root) {
  const made = new Media(root);
  return {
    ready: () => made.tick(),
    goTo: (anchor) => made.goTo(anchor),
    show: (anchors) => made.show(anchors),
    clear: () => made.clear(),
  };
}
