// What is picked in a viewer becomes a place to hide: a box or a time as a row of fields, words as
// a line. The fields are the truth: what is typed there is drawn as well.
import { clock } from "./viewers/clock.js";
import { viewerOf } from "./viewers/viewer.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SIDES = ["x", "y", "width", "height"];
const view = document.querySelector("[data-redact]");
const form = document.querySelector("[data-redact-form]");
const rows = form?.querySelector("[data-rows]");
const said = form?.querySelector("[data-redact-said]");
const isTimes = form?.dataset.way === "recording";

const tell = (sentence) => {
  if (said) said.textContent = sentence;
};
const all = () => [...rows.querySelectorAll("[data-row]")];
const field = (row, name) => row.querySelector(`[name="${name}"]`);
const number = (text) => Number.parseFloat(String(text).replace(",", "."));
const isEmpty = (row) => [...row.querySelectorAll("input")].every((input) => !input.value.trim());

function numberRows() {
  all().forEach((row, at) => {
    row.querySelector("[data-legend]").textContent = say(isTimes ? "redactTime" : "redactBox", { n: at + 1 });
    const button = row.querySelector("[data-take-out]");
    button.hidden = false;
    button.setAttribute("aria-label", say("redactTakeOut", { what: row.querySelector("[data-legend]").textContent }));
  });
  const none = form.querySelector("[data-none]");
  if (none) none.hidden = all().length > 0;
}

let made = 0;
function add(values) {
  const template = form.querySelector("[data-row-template]");
  const row = template.content.firstElementChild.cloneNode(true);
  made += 1;
  for (const label of row.querySelectorAll("label")) {
    const input = row.querySelector(`#${label.htmlFor}`);
    input.id = `${input.name}-made-${made}`;
    label.htmlFor = input.id;
  }
  for (const [name, value] of Object.entries(values)) {
    const input = field(row, name);
    if (input) input.value = value;
  }
  rows.append(row);
  numberRows();
  draw();
  return row;
}

function takeOut(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const what = row.querySelector("[data-legend]").textContent;
  row.remove();
  numberRows();
  draw();
  tell(say("redactGone", { what }));
  (next?.querySelector("[data-take-out]") ?? form.querySelector("[data-add]"))?.focus();
}

// Black boxes over the pages, as far as the numbers make sense.
function draw() {
  for (const layer of view.querySelectorAll(".redact-layer")) layer.replaceChildren();
  if (isTimes) return;
  for (const row of all()) {
    const page = number(field(row, "page")?.value || 1);
    const [x, y, width, height] = SIDES.map((side) => number(field(row, side).value) / 100);
    const holder = view.querySelector(`[data-page="${page}"] [data-turn]`);
    if (!holder || !(width > 0 && height > 0) || Number.isNaN(x + y)) continue;
    const rect = document.createElementNS(SVG, "rect");
    for (const [name, value] of Object.entries({ x, y, width, height })) rect.setAttribute(name, value);
    rect.setAttribute("class", "redact-black");
    layerOf(holder).append(rect);
  }
}

function layerOf(holder) {
  let layer = holder.querySelector(".redact-layer");
  if (!layer) {
    layer = document.createElementNS(SVG, "svg");
    layer.setAttribute("class", "redact-layer");
    layer.setAttribute("viewBox", "0 0 1 1");
    layer.setAttribute("preserveAspectRatio", "none");
    layer.setAttribute("aria-hidden", "true");
    holder.append(layer);
  }
  return layer;
}

const perCent = (share) => String(Math.round(share * 1e4) / 100);

const TAKE = {
  region({ page, x, y, width, height }) {
    const values = { page: page ?? 1, x, y, width, height };
    for (const side of SIDES) values[side] = perCent(values[side]);
    add(values);
    tell(say("redactAdded", { what: say("redactBox", { n: all().length }) }));
  },
  moment({ begins, ends }) {
    // Rounded outwards: rather a tenth of a second too much than too little.
    add({ begins: clock(Math.floor(begins * 10) / 10), ends: clock(Math.ceil(ends * 10) / 10) });
    tell(say("redactAdded", { what: say("redactTime", { n: all().length }) }));
  },
  passage({ quote }) {
    const words = form.querySelector("[data-words]");
    const line = quote.replace(/\s+/g, " ").trim();
    if (!words || !line || words.value.split("\n").includes(line)) return;
    words.value = `${words.value.trimEnd()}${words.value.trim() ? "\n" : ""}${line}`;
    tell(say("redactAdded", { what: `“${line}”` }));
  },
};

if (view && form) {
  view.addEventListener("signpost:select", ({ detail, target }) => {
    if (detail.kind === "moment" && !(detail.ends > detail.begins)) return;
    if (detail.kind !== "passage" && !rows) return;
    TAKE[detail.kind]?.(detail);
    if (detail.kind !== "passage") viewerOf(target)?.clear();
  });
}
if (view && form && rows) {
  for (const row of all()) if (isEmpty(row)) row.remove();
  const button = form.querySelector("[data-add]");
  button.hidden = false;
  button.addEventListener("click", () => add({}).querySelector("input").focus());
  form.addEventListener("click", ({ target }) => {
    const taken = target.closest("[data-take-out]");
    if (taken) takeOut(taken.closest("[data-row]"));
  });
  form.addEventListener("input", draw);
  document.addEventListener("htmx:load", draw);
  numberRows();
  draw();
}
