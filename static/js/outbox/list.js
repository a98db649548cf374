// The outbox: what waits on this device, how far it is, and what can be done about it.
import { element, Item } from "../upload/item.js";
import { say } from "../words.js";
import { account } from "./account.js";
import { showWarnings } from "./room.js";
import { listen, openStore } from "./store.js";

const language = document.documentElement.lang;
const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

const titleOf = ({ title, made }) =>
  title || say("untitled", { when: moment.format(new Date(made)) });

class Outbox {
  constructor(place, store) {
    Object.assign(this, { place, store });
    this.list = place.querySelector("[data-outbox-items]");
    this.sent = place.querySelector("[data-outbox-sent]");
    this.empty = place.querySelector("[data-outbox-empty]");
    this.warning = place.querySelector("[data-warning]");
    this.lines = new Map(); // file id → its line
    this.moving = new Map(); // capture id → the file id that is on its way
    this.drawing = Promise.resolve();
  }

  begin() {
    listen(this.store.user, (said) => this.hear(said));
    this.draw();
  }

  hear(said) {
    if (said.kind === "progress") this.progress(said);
    if (said.kind === "sent") this.tellSent(said);
    if (said.kind === "changed") this.draw();
  }

  // One drawing after the other, or an older one might come last.
  draw() {
    this.drawing = this.drawing.then(() => this.drawNow());
  }

  async drawNow() {
    const { open } = document.getElementById("outbox-bar").dataset;
    const captures = (await this.store.captures()).filter(({ id }) => id !== open);
    const files = await Promise.all(captures.map(({ id }) => this.store.files(id)));
    const drawn = JSON.stringify([captures, files, [...this.moving]]);
    if (drawn === this.drawn) return; // a button that is being pressed is not pulled away
    this.drawn = drawn;
    const focused = document.activeElement?.dataset.key;
    this.lines.clear();
    this.list.replaceChildren(...captures.map((each, at) => this.item(each, files[at])));
    if (focused) this.list.querySelector(`[data-key="${focused}"]`)?.focus();
    this.empty.hidden = captures.length > 0;
    this.place.hidden = false;
    if (open) return; // the form for capturing has said it
    await showWarnings(this.warning, { holdsSomething: captures.length > 0 });
  }

  item(capture, files) {
    const item = element("li", "outbox-item");
    const head = element("div", "outbox-head");
    head.append(element("h3", "", titleOf(capture)), this.state(this.stateOf(capture)));
    item.append(head);
    if (capture.text) item.append(element("p", "outbox-text quiet", capture.text));
    const isSaidBelow = files.some((file) => file.reason);
    if (capture.reason && !isSaidBelow) item.append(element("p", "outbox-reason", say(capture.reason)));
    if (capture.state === "refused") item.append(element("p", "quiet", say("staysHere")));
    const list = element("ul", "upload-list");
    list.append(...files.map((file) => this.file(capture, file)));
    item.append(list, this.buttons(capture));
    return item;
  }

  stateOf({ id, state, trouble }) {
    if (state !== "waiting") return state;
    return trouble || (this.moving.has(id) ? "sending" : "waiting");
  }

  state(name) {
    const made = this.place.querySelector(`template[data-state-of="${name}"]`);
    return made.content.cloneNode(true);
  }

  file(capture, file) {
    const line = new Item(file);
    if (file.upload) line.conclude("in", say("isIn"));
    else if (file.reason) line.conclude("refused", file.reason);
    else line.bar.remove();
    const copy = ["saveCopy", () => this.saveCopy(file)];
    const out = ["takeOut", () => this.takeOut(capture, file)];
    if (!file.upload && capture.state !== "draft") line.offer(...(file.reason ? [out, copy] : [copy]));
    line.buttons.querySelectorAll("button").forEach((button, at) => {
      button.dataset.key = `${file.id}-${at}`;
    });
    this.lines.set(file.id, line);
    return line.item;
  }

  buttons(capture) {
    const row = element("div", "button-row");
    const { id, state } = capture;
    const add = (key, act, css = "btn btn-sm") => row.append(this.button(capture, key, act, css));
    if (state === "draft") row.append(this.goOn(capture));
    if (state === "waiting") add("pause", () => this.store.changeCapture(id, { state: "paused" }));
    if (state === "paused") add("resume", () => this.sendAgain(id));
    if (state === "refused") add("again", () => this.sendAgain(id));
    add("delete", () => this.remove(capture), "btn btn-sm btn-quiet");
    return row;
  }

  button(capture, key, act, css) {
    const button = element("button", css, say(key));
    button.type = "button";
    button.dataset.key = `${capture.id}-${["pause", "resume"].includes(key) ? "pause" : key}`;
    button.setAttribute("aria-label", say("nameFile", { action: say(key), name: titleOf(capture) }));
    button.addEventListener("click", act);
    return button;
  }

  goOn({ id, centre }) {
    const link = element("a", "btn btn-sm", say("goOnWriting"));
    link.href = navigator.onLine ? `/c/${centre}/capture/?go-on=${id}` : `/capture/?go-on=${id}`;
    link.dataset.key = `${id}-go-on`;
    return link;
  }

  async sendAgain(id) {
    await this.store.changeCapture(id, { state: "waiting", reason: "", trouble: "" });
    this.store.tell({ kind: "go" });
  }

  async takeOut(capture, file) {
    await this.store.dropFile(file.id);
    await this.sendAgain(capture.id);
  }

  async saveCopy(file) {
    const link = element("a");
    link.href = URL.createObjectURL(await this.store.bytes(file.id));
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  remove(capture) {
    const ask = this.place.querySelector("[data-delete-form]");
    ask.onsubmit = (event) => {
      event.preventDefault();
      this.store.dropCapture(capture.id);
    };
    ask.requestSubmit();
  }

  progress({ id, file, state, sent, size, speed }) {
    const was = this.moving.get(id);
    if (["sending", "waiting"].includes(state)) this.moving.set(id, file);
    else this.moving.delete(id);
    if (was !== this.moving.get(id)) this.draw();
    const line = this.lines.get(file);
    if (!line || !this.moving.has(id)) return;
    if (!line.bar.isConnected) line.note.before(line.bar);
    if (state === "waiting") line.say(say("noSignal"));
    else line.progress({ sent, size, speed });
  }

  tellSent({ title, number, url }) {
    const item = element("li", "outbox-item is-sent");
    const head = element("div", "outbox-head");
    head.append(element("h3", "", title), this.state("sent"));
    const link = element("a", "", say("openIt"));
    link.href = url;
    const words = element("p", "", `${say("sentAs", { number })} `);
    words.append(link);
    item.append(head, words);
    this.sent.append(item);
  }
}

async function begin(place) {
  const { user: signedIn } = document.getElementById("outbox-bar").dataset;
  const store = await openStore(signedIn || account()?.user);
  if (store) new Outbox(place, store).begin();
}

document.querySelectorAll("[data-outbox-list]").forEach(begin);
