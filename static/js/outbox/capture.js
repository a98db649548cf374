// The capture page, with and without a signal. Whatever is taken, recorded or written is kept on
// this device at once; "Keep and send" only says that it is finished.
import { Item } from "../upload/item.js";
import { sizeInWords } from "../upload/meter.js";
import { say } from "../words.js";
import { account, centreHere } from "./account.js";
import { hold } from "./locks.js";
import { canRecord } from "./recorder.js";
import { askToKeep, showWarnings } from "./room.js";
import { isNoRoom, newId, openStore } from "./store.js";
import { Voice } from "./voice.js";

const PAUSE_IN_TYPING = 400;
const FIELDS = ["title", "unit", "text"];

class Capture {
  constructor(form, store, centre) {
    Object.assign(this, { form, store, centre });
    this.live = form.querySelector("[data-live]");
    this.trouble = form.querySelector("[data-trouble]");
    this.list = form.querySelector("[data-files]");
    this.warning = form.querySelector("[data-warning]");
    this.recordButton = form.querySelector("[data-record]");
    this.voice = new Voice({
      button: this.recordButton,
      store,
      draft: () => this.now(),
      ended: (recording) => this.takeVoice(recording),
    });
    this.saving = Promise.resolve();
  }

  async begin() {
    this.fillUnits();
    this.listen();
    await this.takeUp(await this.leftOpen());
    this.form.hidden = false;
    this.warn();
  }

  fillUnits() {
    const select = this.form.elements.unit;
    if (select.options.length > 1) return;
    for (const { id, name } of this.centre.units ?? []) select.add(new Option(name, id));
  }

  listen() {
    for (const input of this.form.querySelectorAll("[data-add]")) {
      input.addEventListener("change", async () => {
        const files = [...input.files];
        for (const file of files) await this.add(file);
        input.value = "";
      });
    }
    this.form.addEventListener("input", () => this.saveSoon());
    window.addEventListener("pagehide", () => this.save());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.finish();
    });
    this.recordButton.hidden = !canRecord();
    this.recordButton.addEventListener("click", () => this.toggleRecording());
  }

  // What this device holds of a capture that nobody finished, unless another tab is at it.
  async leftOpen() {
    const wanted = new URLSearchParams(location.search).get("go-on");
    const drafts = (await this.store.captures()).filter(({ state }) => state === "draft");
    const here = drafts.filter(({ id, centre }) => id === wanted || centre === this.centre.slug);
    here.sort((one, other) => (other.id === wanted) - (one.id === wanted));
    for (const draft of here) if (await this.lock(draft.id)) return draft;
    return null;
  }

  async lock(id) {
    const giveBack = await hold(`capture-${id}`, { wait: 1500 });
    if (giveBack) this.giveBack = giveBack;
    return Boolean(giveBack);
  }

  async takeUp(draft) {
    this.draft = draft ?? this.blank();
    this.isKept = Boolean(draft);
    document.getElementById("outbox-bar").dataset.open = this.draft.id;
    if (!draft) await this.lock(this.draft.id);
    for (const name of FIELDS) this.form.elements[name].value = this.draft[name];
    this.list.replaceChildren();
    for (const file of await this.store.files(this.draft.id)) {
      this.show(file, await this.store.bytes(file.id));
    }
    this.store.tell({ kind: "changed" }); // what is open here stands in no list
  }

  blank() {
    const { slug: centre, captures: url } = this.centre;
    const described = { title: "", unit: "", text: "", made: "" };
    return { id: newId(), state: "draft", centre, url, trouble: "", reason: "", ...described };
  }

  /** The draft with what stands in the fields now. */
  now() {
    const values = FIELDS.map((name) => [name, this.form.elements[name].value]);
    const made = this.draft.made || new Date().toISOString();
    this.draft = { ...this.draft, ...Object.fromEntries(values), made };
    return this.draft;
  }

  saveSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE_IN_TYPING);
  }

  save() {
    clearTimeout(this.timer);
    const draft = this.now();
    const isEmpty = FIELDS.every((name) => !draft[name].trim());
    if (isEmpty && !this.isKept) return;
    this.isKept = true;
    this.saving = this.store.saveCapture(draft).catch((error) => this.complain(error, say("text")));
  }

  async add(file) {
    this.clearTrouble();
    const { largest = Infinity } = this.centre;
    if (file.size > largest) {
      const values = { name: file.name, size: sizeInWords(largest) };
      this.tellTrouble(say("tooLargeNamed", values));
      return;
    }
    const { name, size, type, lastModified: modified } = file;
    const owner = this.draft.id;
    const row = { id: newId(), owner, name, size, type, modified, url: "", upload: "", at: Date.now() };
    try {
      await this.store.addFile(row, file, this.now());
      this.isKept = true;
      this.show(row, file);
      this.live.textContent = say("kept", { name });
      await askToKeep();
    } catch (error) {
      this.complain(error, name);
    }
    this.warn();
  }

  complain(error, name) {
    this.tellTrouble(say(isNoRoom(error) ? "noSpace" : "notKept", { name }));
  }

  tellTrouble(sentence) {
    this.trouble.hidden = false;
    this.trouble.querySelector("p").textContent = sentence;
  }

  clearTrouble() {
    this.trouble.hidden = true;
    this.trouble.querySelector("p").textContent = "";
  }

  show(file, bytes) {
    const line = new Item(file);
    line.bar.remove();
    if (bytes && file.type.startsWith("image/")) line.item.prepend(pictureOf(bytes));
    if (bytes && file.recording) {
      line.say(say("recovered"));
      line.item.append(playerOf(file, bytes));
    }
    line.offer(["remove", () => this.remove(file, line)]);
    this.list.append(line.item);
  }

  async remove(file, line) {
    await this.store.dropFile(file.id);
    line.item.remove();
    this.live.textContent = say("gone", { name: file.name });
    this.form.querySelector("[data-add]").focus();
  }

  async toggleRecording() {
    this.clearTrouble();
    try {
      await this.voice.toggle();
    } catch {
      this.tellTrouble(say("noMicrophone"));
    }
  }

  // However a recording ended, what there is of it is added.
  async takeVoice({ file, name, error, byItself }) {
    if (file) {
      this.isKept = true;
      this.show(file, null);
      this.live.textContent = say("kept", { name });
    }
    if (error && file) this.tellTrouble(say("recordingFull"));
    else if (error) this.complain(error, name);
    else if (!file) this.tellTrouble(say("recordingEmpty"));
    else if (byItself) this.tellTrouble(say("recordingCut"));
    if (file) await askToKeep();
    this.warn();
  }

  finish() {
    this.finishing ??= this.finishNow().finally(() => (this.finishing = null));
  }

  async finishNow() {
    this.clearTrouble();
    const recorded = await this.voice.stop();
    if (recorded && (recorded.error || !recorded.file)) return; // it should be seen first
    clearTimeout(this.timer);
    await this.saving;
    const files = await this.store.files(this.draft.id);
    const draft = this.now();
    if (!files.length && !draft.text.trim()) {
      this.tellTrouble(say("nothingYet"));
      this.form.elements.text.focus();
      return;
    }
    try {
      await this.store.saveCapture({ ...draft, state: "waiting" });
    } catch (error) {
      this.complain(error, say("text"));
      return;
    }
    this.sendAndStartAnew();
  }

  async sendAndStartAnew() {
    this.store.tell({ kind: "go" });
    sendInBackground(this.store.user);
    this.giveBack?.();
    await this.takeUp(null);
    this.live.textContent = say("inOutbox");
    const done = this.form.querySelector("[data-done]");
    done.hidden = false;
    done.querySelector("a").focus();
    this.warn();
  }

  async warn() {
    const holdsSomething = (await this.store.count()) > 0;
    await showWarnings(this.warning, { holdsSomething });
  }
}

function pictureOf(bytes) {
  const picture = document.createElement("img");
  picture.className = "capture-picture";
  picture.alt = "";
  picture.src = URL.createObjectURL(bytes);
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src));
  return picture;
}

function playerOf({ name }, bytes) {
  const player = document.createElement("audio");
  player.className = "capture-player";
  player.controls = true;
  player.setAttribute("aria-label", name);
  player.src = URL.createObjectURL(bytes);
  return player;
}

async function sendInBackground(user) {
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register(`outbox-${user}`).catch(() => {});
}

async function begin(form) {
  const { user: signedIn, centre, captures } = document.getElementById("outbox-bar").dataset;
  const here = centreHere();
  const facts = captures ? { units: [], ...here, slug: centre, captures } : here;
  const user = signedIn || account()?.user;
  const store = await openStore(user);
  const cannot = document.querySelector("[data-capture-cannot]");
  if (store && facts) {
    await new Capture(form, store, facts).begin();
    return;
  }
  cannot.hidden = false;
  cannot.querySelector("p").textContent = say(user && facts ? "deviceKeepsNothing" : "nobodyHere");
}

document.querySelectorAll("form[data-capture]").forEach(begin);
