// The marking page: a place that was picked in the evidence becomes a comment on it, or a place of
// a claim. Without it, both are typed.
import { viewerFor } from "../anchors/links.js";
import { Sheet } from "../anchors/sheet.js";
import { wordsByKeys } from "../anchors/words-by-keys.js";
import { viewerOf } from "../viewers/viewer.js";
import { say } from "../words.js";
import { refresh, send } from "./parts.js";

class Desk {
  constructor(root) {
    this.root = root;
    this.words = root.querySelector("#sheet-words");
    this.comment = root.querySelector("[data-sheet-comment]");
    this.refused = root.querySelector("[data-sheet-refused]");
    this.sheet = new Sheet(root, {
      add: (_value, place) => this.add(place),
      done: () => this.done(),
      drop: (place) => this.drop(place),
    });
    document.addEventListener("signpost:select", ({ detail }) => this.take(detail));
    document.addEventListener("click", (event) => this.mark(event));
    document.addEventListener("htmx:load", ({ detail }) => this.byKeys(detail.elt));
    document.addEventListener("signpost:parts", () => this.show());
    root.addEventListener("change", () => this.draw());
    for (const how of document.querySelectorAll("[data-marking-how]")) how.hidden = false;
    this.byKeys(document);
  }

  get use() {
    return this.root.querySelector("#sheet-use").selectedOptions[0];
  }

  byKeys(within) {
    const onEnter = () => this.sheet.place && this.sheet.focus();
    wordsByKeys(within, ".desk-left", { onEnter });
  }

  take(place) {
    this.refused.textContent = "";
    this.sheet.take(place);
    this.draw();
  }

  draw() {
    this.comment.hidden = Boolean(this.use?.value);
  }

  // "Add or move a place" of a claim: the next place that is picked is for it.
  mark(event) {
    const link = event.target.closest?.("[data-mark-for]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    this.sheet.criterion = this.root.querySelector("#sheet-use");
    this.sheet.cameFrom = link;
    this.sheet.activate({ pk: link.dataset.markFor, code: link.dataset.code });
    this.draw();
    const evidence = document.querySelector(".desk-left");
    if (evidence.closest(".is-away")) location.hash = "#evidence"; // on a phone, another tab
    evidence.scrollIntoView({ block: "nearest" });
    evidence.focus({ preventScroll: true });
  }

  async add(place) {
    const { action, instead } = this.use.dataset;
    const claim = this.use.value.split("-")[0];
    const fields = { place: JSON.stringify(place), instead: instead ?? "", text: this.words.value };
    const ids = claim ? [`claim-${claim}-where`, "sheet-use"] : ["comments-list"];
    const answer = await send(action, fields);
    this.refused.textContent = answer.refused ?? "";
    if (answer.refused) return;
    refresh(answer.page, ids);
    if (!claim) this.words.value = "";
    this.sheet.criterion = this.root.querySelector("#sheet-use");
    this.sheet.active = null;
    this.drop(place);
    this.sheet.tell(say(claim ? "feedbackPlaceAdded" : "feedbackCommentAdded"));
  }

  drop(place) {
    if (place?.kind === "passage") getSelection().removeAllRanges();
    if (place) viewerFor(place)?.clear();
    this.sheet.clear();
  }

  done() {
    this.sheet.activate(null);
  }

  // All places of the claims, as they stand now, are what the viewers highlight.
  show() {
    const links = [...document.querySelectorAll(".claim [data-anchor]")];
    const places = links.map((link) => ({
      ...JSON.parse(link.dataset.anchor),
      code: link.closest("[data-claim]")?.dataset.claim ?? "",
    }));
    for (const viewer of document.querySelectorAll("[data-viewer]")) viewerOf(viewer).show(places);
  }
}

const root = document.querySelector("[data-desk-sheet]");
if (root) new Desk(root);
