// [data-criterion] holds the places of one criterion in hidden fields, which the form sends. This
// is their list: what is in it, how it is shown, and what the viewers highlight.
import { labelOf } from "./label.js";
import { say } from "../words.js";

const FIELDS = [
  ...["kind", "file", "sha256", "quote", "prefix", "suffix", "start", "page", "last_page"],
  ...["x", "y", "width", "height", "begins", "ends"],
];

function plainOf(place) {
  return Object.fromEntries(FIELDS.map((name) => [name, place[name] ?? null]));
}

const isSame = (one, other) => JSON.stringify(plainOf(one)) === JSON.stringify(plainOf(other));

function button(words, name) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm btn-quiet";
  made.textContent = words;
  made.setAttribute("aria-label", name);
  made.dataset.remove = "";
  return made;
}

export class Places {
  constructor(choice, onChange) {
    this.choice = choice;
    this.onChange = onChange;
    this.pk = choice.dataset.criterion;
    this.code = choice.dataset.code;
    this.tick = choice.querySelector("[name=criterion]");
    this.list = choice.querySelector("[data-anchors]");
    this.refused = choice.querySelector("[data-refused]");
    this.all = [...this.list.querySelectorAll("input[type=hidden]")].map((field) => ({
      ...JSON.parse(field.value),
      id: Number(field.dataset.id) || null,
      label: field.parentNode.querySelector("a").textContent,
    }));
    this.list.addEventListener("click", (event) => this.click(event));
    this.draw();
  }

  get isTicked() {
    return this.tick.checked;
  }

  // For the viewers, which label what they highlight with the criterion's code.
  get shown() {
    return this.isTicked ? this.all.map((place) => ({ ...place, code: this.code })) : [];
  }

  add(place) {
    if (!this.isTicked) {
      this.tick.checked = true;
      this.tick.dispatchEvent(new Event("change", { bubbles: true }));
    }
    if (this.all.some((each) => isSame(each, place))) return;
    this.set([...this.all, plainOf(place)]);
    this.onChange();
  }

  set(places) {
    this.all = places;
    this.draw();
  }

  // What the server would not have is not kept here either.
  refuse(sentences) {
    this.refused.replaceChildren(
      ...sentences.map((sentence) => {
        const line = document.createElement("p");
        line.className = "invalid-feedback d-block";
        line.textContent = sentence;
        return line;
      }),
    );
    if (sentences.length) this.set(this.all.filter((place) => place.id));
  }

  click(event) {
    const taken = event.target.closest("[data-remove]")?.closest("li");
    if (!taken) return;
    const at = [...this.list.children].indexOf(taken);
    this.set(this.all.filter((_, number) => number !== at));
    this.onChange();
    const rest = this.list.querySelectorAll("[data-remove]");
    (rest[Math.min(at, rest.length - 1)] ?? this.tick).focus();
  }

  draw() {
    this.list.replaceChildren(...this.all.map((place) => this.item(place)));
    this.list.hidden = !this.all.length;
  }

  item(place) {
    const item = document.createElement("li");
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = `anchor-${this.pk}`;
    field.value = JSON.stringify(plainOf(place));
    const link = document.createElement("a");
    link.className = "anchor-link";
    link.href = place.file ? `#file-${place.file}` : "#account-viewer";
    link.dataset.anchor = JSON.stringify(place);
    link.textContent = place.label ?? labelOf(place);
    const values = { code: this.code, place: link.textContent };
    item.append(field, link, button(say("placeRemove"), say("placeRemoveNamed", values)));
    return item;
  }
}
