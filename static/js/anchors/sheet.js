// [data-mark-sheet]: what was picked in the evidence, and the criterion that it shows. On a phone
// it comes up from the lower edge.
import { labelOf } from "./label.js";
import { say, sayIn } from "../words.js";

export class Sheet {
  constructor(root, { add, done, drop }) {
    this.root = root;
    this.words = root.querySelector("[data-sheet-place]");
    this.choose = root.querySelector("[data-sheet-choose]");
    this.criterion = root.querySelector("[data-sheet-criterion]");
    this.addButton = root.querySelector("[data-sheet-add]");
    this.hint = root.querySelector("[data-sheet-hint]");
    this.said = document.querySelector("[data-sheet-said]");
    this.place = null;
    this.active = null; // the criterion that was picked first: { pk, code }
    this.cameFrom = null;
    this.byKeyboard = false;
    this.addButton.addEventListener("click", () => this.place && add(this.criterion.value, this.place));
    root.querySelector("[data-sheet-close]").addEventListener("click", () => drop(this.place));
    root.querySelector("[data-sheet-done]").addEventListener("click", done);
    root.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      if (this.place) drop(this.place);
      else done();
    });
    addEventListener("keydown", () => (this.byKeyboard = true), true);
    addEventListener("pointerdown", () => (this.byKeyboard = false), true);
  }

  tell(words) {
    sayIn(this.said, words);
  }

  // A criterion first, then the place.
  activate(active) {
    this.active = active;
    if (active) this.criterion.value = active.pk;
    this.draw();
    if (active) this.tell(say("placeMarkingFor", { code: active.code }));
  }

  // A place first, or after its criterion.
  take(place) {
    if (!this.root.contains(document.activeElement)) this.cameFrom = document.activeElement;
    this.place = place;
    this.draw();
    this.tell(say("placeTaken", { place: labelOf(place) }));
    // Words may still be chosen on; a box and a moment are finished.
    if (this.byKeyboard && place.kind !== "passage") this.focus();
  }

  focus() {
    if (!this.root.contains(document.activeElement)) this.cameFrom = document.activeElement;
    (this.active ? this.addButton : this.criterion).focus();
  }

  clear() {
    const hadFocus = this.root.contains(document.activeElement);
    this.place = null;
    this.draw();
    if (hadFocus) this.giveBack();
  }

  giveBack() {
    const back = this.cameFrom?.isConnected && this.cameFrom !== document.body ? this.cameFrom : null;
    (back ?? document.querySelector(".claims-evidence-scroll, .desk-left")).focus({ preventScroll: true });
  }

  draw() {
    this.root.hidden = !this.place && !this.active;
    this.choose.hidden = !this.place;
    this.hint.hidden = Boolean(this.place);
    if (this.place) this.words.textContent = labelOf(this.place);
    else if (this.active) this.words.textContent = say("placeMarkingFor", { code: this.active.code });
  }
}
