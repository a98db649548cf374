// One line of a list of files: name, size, bar, a note, and what can be done about it.
import { say } from "../words.js";
import { progressInWords, sizeInWords } from "./meter.js";

export function element(name, css, text = "") {
  const made = document.createElement(name);
  if (css) made.className = css;
  made.textContent = text;
  return made;
}

export class Item {
  constructor({ name, size }) {
    this.name = name;
    this.item = element("li", "upload-item");
    const title = element("span", "upload-name", `${name} `);
    title.append(element("span", "upload-size", sizeInWords(size)));
    this.bar = element("progress", "bar");
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", say("sending", { name }));
    this.note = element("p", "upload-note");
    this.buttons = element("div", "upload-buttons");
    this.item.append(title, this.bar, this.note, this.buttons);
  }

  progress({ sent, size, speed }) {
    this.bar.value = size ? Math.floor((100 * sent) / size) : 100;
    this.say(progressInWords({ sent, size, speed }));
  }

  say(sentence) {
    if (this.note.textContent !== sentence) this.note.textContent = sentence;
  }

  mark(state) {
    this.item.className = `upload-item is-${state}`;
  }

  /** It is over, one way or the other. */
  conclude(state, sentence) {
    this.bar.remove();
    this.mark(state);
    this.say(sentence);
  }

  /** Exactly these buttons, [word, act] each; the focus stays where it was. */
  offer(...choices) {
    const had = this.buttons.contains(document.activeElement);
    this.buttons.replaceChildren(...choices.map(([key, act]) => this.#button(key, act)));
    if (had) this.buttons.firstElementChild?.focus();
  }

  #button(key, act) {
    const button = element("button", "btn btn-sm", say(key));
    button.type = "button";
    button.setAttribute("aria-label", say("nameFile", { action: say(key), name: this.name }));
    button.addEventListener("click", act);
    return button;
  }
}
