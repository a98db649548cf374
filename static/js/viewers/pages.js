// Pages and pictures: larger and smaller, turned, page by page, with words to select.
import "./passages.js";
import { drawBox, drawLabel, lines, wipe } from "./boxes.js";
import { mover } from "./drag.js";
import { marker } from "./region.js";
import { scrolling } from "./select.js";
import { wordsOf, wordsWithin } from "./textlayer.js";
import { say } from "../words.js";

const STEPS = [0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4, 6, 8];
const FLASH = 2500;
const TURNED = {
  0: "",
  90: "rotate(90deg) translateY(-100%)",
  180: "rotate(180deg) translate(-100%, -100%)",
  270: "rotate(270deg) translateX(-100%)",
};

function sizeOf(page) {
  const image = page.querySelector("img");
  const width = Number(image.getAttribute("width")) || image.naturalWidth || 1;
  const height = Number(image.getAttribute("height")) || image.naturalHeight || 1;
  return { width, height };
}

function turnPage(page, turn) {
  const { width, height } = sizeOf(page);
  const inner = page.querySelector("[data-turn]");
  const sideways = turn % 180 !== 0;
  page.style.aspectRatio = sideways ? `${height} / ${width}` : "";
  inner.style.position = sideways ? "absolute" : "";
  inner.style.width = sideways ? `${(100 * width) / height}%` : "";
  inner.style.transform = TURNED[turn];
}

class Pages {
  constructor(root) {
    this.root = root;
    this.stage = root.querySelector("[data-stage]");
    this.pages = [...root.querySelectorAll("[data-page]")];
    this.jump = root.querySelector("[data-jump]");
    this.zoomed = root.querySelector("[data-zoom]");
    this.said = root.querySelector("[data-said]");
    this.isPicture = root.dataset.kind === "picture";
    this.turn = 0;
    this.zoom = 1;
    this.marker = marker(this);
    this.listen();
  }

  listen() {
    const { root, stage } = this;
    root.addEventListener("click", ({ target, detail }) => {
      const button = target.closest("[data-do]");
      if (button) this.do(button.dataset.do, { byKeyboard: detail === 0 });
    });
    root.addEventListener("keydown", (event) => this.key(event));
    this.jump?.addEventListener("change", () => this.toPage(Number(this.jump.value)));
    stage.addEventListener("scroll", () => requestAnimationFrame(() => this.follow()));
    if (this.isPicture) mover(stage, () => !this.marker.isOn);
    this.watchWords();
  }

  watchWords() {
    const seen = (entries) => {
      for (const entry of entries) if (entry.isIntersecting) wordsOf(entry.target);
    };
    const watcher = new IntersectionObserver(seen, { root: null, rootMargin: "50%" });
    for (const page of this.pages) watcher.observe(page);
  }

  do(name, how = {}) {
    const acts = {
      in: () => this.step(1),
      out: () => this.step(-1),
      fit: () => this.fit(),
      turn: () => this.turnRight(),
      mark: () => this.marker.toggle(how),
      take: () => this.marker.take(),
    };
    acts[name]?.();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest("input, select, textarea, summary, a")) return;
    const acts = {
      "+": () => this.step(1),
      "=": () => this.step(1),
      "-": () => this.step(-1),
      0: () => this.fit(),
      r: () => this.turnRight(),
      n: () => this.toPage(this.page + 1),
      p: () => this.toPage(this.page - 1),
      m: () => this.root.querySelector("[data-do=mark]") && this.marker.toggle({ byKeyboard: true }),
    };
    const act = acts[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    act();
  }

  get page() {
    const middle = this.stage.getBoundingClientRect().top + this.stage.clientHeight / 3;
    const passed = this.pages.filter((page) => page.getBoundingClientRect().top <= middle);
    return Number((passed.at(-1) ?? this.pages[0])?.dataset.page ?? 1);
  }

  element(number) {
    return this.pages.find((page) => Number(page.dataset.page) === number);
  }

  follow() {
    if (this.jump && document.activeElement !== this.jump) this.jump.value = this.page;
  }

  toPage(number) {
    const last = Number(this.pages.at(-1)?.dataset.page ?? 1);
    const page = this.element(Math.min(Math.max(1, number || 1), last));
    if (!page) return;
    const top = page.getBoundingClientRect().top - this.stage.getBoundingClientRect().top;
    this.stage.scrollBy({ top: top - 8, behavior: "instant" });
    if (this.jump) this.jump.value = page.dataset.page;
    this.tell(say("viewerPage", { number: page.dataset.page }));
  }

  tell(words) {
    this.said.textContent = words;
  }

  step(by) {
    const ahead = by > 0 ? STEPS.find((z) => z > this.zoom + 0.01) : STEPS.findLast((z) => z < this.zoom - 0.01);
    if (ahead) this.setZoom(ahead);
  }

  // Pages as wide as the space; a picture so that all of it is seen, but never blown up.
  fit() {
    const page = this.pages[0];
    if (!page) return;
    let zoom = 1;
    if (this.isPicture) {
      let { width, height } = sizeOf(page);
      if (this.turn % 180) [width, height] = [height, width];
      const room = this.stage.clientWidth;
      const high = parseFloat(getComputedStyle(this.stage).maxHeight) || innerHeight;
      zoom = Math.min(1, width / room, ((high - 4) * width) / height / room) || 1;
    }
    this.setZoom(zoom);
  }

  setZoom(zoom) {
    const { stage } = this;
    const middle = (stage.scrollTop + stage.clientHeight / 2) / stage.scrollHeight;
    const centre = (stage.scrollLeft + stage.clientWidth / 2) / stage.scrollWidth;
    this.zoom = zoom;
    for (const page of this.pages) page.style.width = `${zoom * 100}%`;
    stage.scrollTop = middle * stage.scrollHeight - stage.clientHeight / 2;
    stage.scrollLeft = centre * stage.scrollWidth - stage.clientWidth / 2;
    this.zoomed.textContent = say("viewerZoom", { percent: Math.round(zoom * 100) });
  }

  turnRight() {
    const { page } = this;
    this.turn = (this.turn + 90) % 360;
    for (const each of this.pages) turnPage(each, this.turn);
    this.fit();
    this.toPage(page);
    this.tell(say("viewerTurned", { degrees: this.turn }));
  }

  async boxesOf(anchor) {
    if (anchor.kind === "region") return [anchor];
    if (anchor.kind === "pages") return [{ x: 0, y: 0, width: 1, height: 1 }];
    const page = this.element(anchor.page ?? 1);
    const made = page && (await wordsOf(page));
    if (!made || anchor.start === null) return [];
    const end = anchor.start + [...anchor.quote].length;
    return lines(wordsWithin(made, anchor.start, end));
  }

  pagesOf(anchor) {
    const first = anchor.page ?? 1;
    const last = anchor.kind === "pages" ? (anchor.last_page ?? first) : first;
    return this.pages.filter(({ dataset }) => first <= dataset.page && dataset.page <= last);
  }

  goTo(anchor) {
    const [page] = this.pagesOf(anchor);
    if (!page) return false;
    this.toPage(Number(page.dataset.page));
    this.stage.scrollIntoView({ behavior: scrolling(), block: "nearest" });
    this.pointTo(anchor, page);
    return true;
  }

  async pointTo(anchor, page) {
    const drawn = (await this.boxesOf(anchor)).map((box) => drawBox(page, box, { kind: "viewer-flash" }));
    this.bring(drawn[0]);
    setTimeout(() => drawn.forEach((rect) => rect.remove()), FLASH);
  }

  // The page's top stays in sight where the place can be seen as well.
  bring(rect) {
    if (!rect) return;
    const [box, stage] = [rect.getBoundingClientRect(), this.stage.getBoundingClientRect()];
    const isSeen =
      box.top >= stage.top &&
      box.bottom <= stage.bottom &&
      box.left >= stage.left &&
      box.right <= stage.right;
    if (isSeen) return;
    const spare = (room, size) => Math.max(16, (room - size) / 2);
    this.stage.scrollBy({
      top: box.top - stage.top - spare(stage.height, box.height),
      left: box.left - stage.left - spare(stage.width, box.width),
      behavior: "instant",
    });
  }

  async words() {
    const page = this.element(this.page);
    const made = page && (await wordsOf(page));
    return made?.text.trim() ? page.querySelector(".viewer-words") : null;
  }

  async show(anchors) {
    const turn = (this.showing = Symbol("the newest call"));
    const all = await Promise.all(
      anchors.map(async (anchor) => ({ anchor, boxes: await this.boxesOf(anchor) })),
    );
    if (this.showing !== turn) return;
    for (const page of this.pages) this.wipePage(page);
    for (const { anchor, boxes } of all) this.drawOn(this.pagesOf(anchor), boxes, anchor);
  }

  wipePage(page) {
    wipe(page);
    page.querySelector("[data-marked]").textContent = "";
  }

  drawOn(pages, boxes, { id, code, kind }) {
    const inMargin = kind === "passage";
    const look = inMargin ? "viewer-box viewer-stroke" : "viewer-box";
    pages.forEach((page, at) => {
      boxes.forEach((box, number) => drawBox(page, box, { kind: look, id: at || number ? null : id }));
      if (!code || !boxes.length) return;
      if (!at) drawLabel(page, boxes[0], code, { inMargin });
      const marked = page.querySelector("[data-marked]");
      marked.textContent = `${marked.textContent ? `${marked.textContent},` : say("viewerMarked")} ${code}`;
    });
  }

  clear() {
    this.marker.clear();
  }

  ready() {
    const [image] = this.root.querySelectorAll("[data-page] img");
    if (this.isPicture && image && !image.complete) {
      image.addEventListener("load", () => this.fit(), { once: true });
    }
    this.fit();
  }
}

export function pages(root) {
  const made = new Pages(root);
  return {
    ready: () => made.ready(),
    goTo: (anchor) => made.goTo(anchor),
    show: (anchors) => made.show(anchors),
    clear: () => made.clear(),
    words: () => made.words(),
  };
}
