// The page on which criteria are claimed: places are marked in the evidence and listed under their
// criteria. Without it, the same places are typed.
import "./links.js";
import { viewerFor } from "./links.js";
import { Keeper } from "./keeping.js";
import { Places } from "./places.js";
import { Sheet } from "./sheet.js";
import { wordsByKeys } from "./words-by-keys.js";
import { viewerOf } from "../viewers/viewer.js";
import { say } from "../words.js";

const LOST = "lost-places";
const NARROW = "(max-width: 61.99rem)";

class ClaimsPage {
  constructor(form, sheetRoot) {
    this.form = form;
    this.keeper = new Keeper(form, {
      onKept: (anchors, how) => this.kept(anchors, how),
      onRefused: (errors, typed) => this.refused(errors, typed),
    });
    this.places = new Map();
    for (const choice of form.querySelectorAll("[data-criterion]")) this.equip(choice);
    this.sheet = new Sheet(sheetRoot, {
      add: (pk, place) => this.add(pk, place),
      done: () => this.done(),
      drop: (place) => this.drop(place),
    });
    form.querySelector("[data-leave]").textContent = say("placeLeave");
    this.listen();
    this.byKeys(document);
    this.show();
    this.lookForLost();
  }

  equip(choice) {
    const places = new Places(choice, () => this.changed());
    this.places.set(places.pk, places);
    for (const row of choice.querySelectorAll("[data-mark-row], [data-add-row]")) row.hidden = false;
    choice.querySelector("[data-mark]").addEventListener("click", () => this.mark(places));
    choice.querySelector("[data-add]")?.addEventListener("click", () => {
      this.keeper.changed({ typed: places.pk, soon: 0 });
    });
    choice.querySelector("[data-exactly]")?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.localName !== "input") return;
      event.preventDefault();
      this.keeper.changed({ typed: places.pk, soon: 0 });
    });
  }

  listen() {
    document.addEventListener("signpost:select", ({ detail }) => this.sheet.take(detail));
    document.addEventListener("htmx:load", ({ detail }) => {
      this.byKeys(detail.elt);
      this.show();
      if (detail.elt.matches("[data-viewer]")) this.lookForLost();
    });
    this.form.addEventListener("change", ({ target }) => {
      if (target.name === "criterion") this.show();
      if (target.name === "criterion" || target.name.startsWith("place-")) this.keeper.changed();
    });
  }

  byKeys(within) {
    const onEnter = () => this.sheet.place && this.sheet.focus();
    wordsByKeys(within, ".claims-evidence", { onEnter });
  }

  // ------------------------------------------------------------------ marking

  mark(places) {
    const isOn = this.sheet.active?.pk === places.pk;
    this.press(isOn ? null : places);
    this.sheet.activate(isOn ? null : { pk: places.pk, code: places.code });
    if (!isOn && matchMedia(NARROW).matches) this.toEvidence();
  }

  press(places) {
    for (const each of this.places.values()) {
      const button = each.choice.querySelector("[data-mark]");
      button.setAttribute("aria-pressed", each === places);
    }
  }

  toEvidence() {
    const scroll = document.querySelector(".claims-evidence-scroll");
    document.getElementById("evidence").scrollIntoView({ block: "start" });
    scroll.focus({ preventScroll: true });
  }

  add(pk, place) {
    const places = this.places.get(pk);
    places.refuse([]);
    places.add(place);
    this.forget(place);
    this.sheet.clear();
    const { textContent: words } = places.list.lastElementChild.querySelector("a");
    this.sheet.tell(say("placeAdded", { code: places.code, place: words }));
  }

  drop(place) {
    this.forget(place);
    this.sheet.clear();
  }

  done() {
    const places = this.places.get(this.sheet.active?.pk);
    this.press(null);
    this.sheet.activate(null);
    places?.choice.scrollIntoView({ block: "center" });
    places?.choice.querySelector("[data-mark]").focus({ preventScroll: true });
  }

  forget(place) {
    if (place.kind === "passage") getSelection().removeAllRanges();
    viewerFor(place)?.clear();
  }

  // ------------------------------------------------------------------ keeping

  changed() {
    this.show();
    this.keeper.changed();
  }

  show() {
    const all = [...this.places.values()].flatMap((places) => places.shown);
    for (const viewer of document.querySelectorAll("[data-viewer]")) viewerOf(viewer).show(all);
  }

  kept(anchors, { isNewest, typed }) {
    if (typed) this.emptyTyped(typed);
    if (!isNewest) return;
    for (const [pk, places] of this.places) {
      if (!anchors[pk]) continue;
      const hadFocus = places.list.contains(document.activeElement);
      const at = [...places.list.querySelectorAll("a, button")].indexOf(document.activeElement);
      places.refuse([]);
      places.set(anchors[pk]);
      if (hadFocus) places.list.querySelectorAll("a, button")[at]?.focus();
    }
    this.show();
    this.tellLost();
  }

  // A corrected file may hold places that were lost; the server looks for them when it saves. What
  // is only offered to be ticked is not saved by that.
  lookForLost() {
    if (document.getElementById(LOST) && !location.search) this.keeper.changed({ soon: 0 });
  }

  async tellLost() {
    const told = document.getElementById(LOST);
    const answer = told && (await fetch(location.href).catch(() => null));
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.getElementById(LOST);
    if (now) told.replaceWith(now);
    else told.remove();
  }

  emptyTyped(pk) {
    const fields = this.places.get(pk).choice.querySelectorAll("[data-exactly] :is(input, select, textarea)");
    for (const field of fields) field.value = "";
    this.sheet.tell(say("placeAddedTyped"));
  }

  refused(errors) {
    for (const [pk, places] of this.places) places.refuse(errors[pk] ?? []);
    this.show();
    const sentences = Object.values(errors).flat();
    this.sheet.tell(sentences.join(" "));
  }
}

const form = document.querySelector("[data-claims-form]");
const sheet = document.querySelector("[data-mark-sheet]");
if (form && sheet) new ClaimsPage(form, sheet);
