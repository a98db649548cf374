// <input type="file" multiple data-upload-url data-upload-field="uploads" [data-upload-max]
// [data-upload-room]>: files go off as they are chosen, dropped or photographed, each with its
// progress; they can be paused, and go on after a reload or a lost signal. The form then carries
// their numbers in hidden inputs. What an earlier form left is only offered. Without JavaScript the
// form carries the files.
import { element, Item } from "./upload/item.js";
import { formHere, isThere, Keeping } from "./upload/keeping.js";
import { Transfer } from "./upload/transfer.js";
import { say } from "./words.js";

const AT_ONCE = 2;
const UNDER_WAY = ["queued", "sending", "waiting"];

class Uploader {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.jobs = [];
    this.heldBy = null;
    this.required = input.required;
    this.keeping = new Keeping({
      user: document.getElementById("outbox-bar")?.dataset.user,
      owner: `form:${location.pathname}#${input.id}`,
      form: formHere(input.form),
    });
    this.build();
    this.listen();
    this.restore();
  }

  build() {
    const { input } = this;
    this.zone = element("div", "upload");
    input.before(this.zone);
    input.removeAttribute("name"); // the files travel by themselves, not with the form again
    input.className = "visually-hidden";
    const ask = element("div", "upload-ask");
    const choose = element("label", "btn", say("choose"));
    choose.htmlFor = input.id;
    this.camera = this.makeCamera();
    const photo = element("label", "btn upload-camera", say("camera"));
    photo.htmlFor = this.camera.id;
    ask.append(input, choose, this.camera, photo, element("p", "upload-hint", say("drop")));
    this.list = element("ul", "upload-list");
    this.live = element("p", "visually-hidden");
    this.live.setAttribute("role", "status");
    this.wait = element("p", "form-busy");
    this.wait.setAttribute("role", "status");
    this.zone.append(ask, this.list, this.live, this.wait);
  }

  makeCamera() {
    const camera = element("input", "visually-hidden upload-camera");
    camera.type = "file";
    camera.accept = "image/*";
    camera.id = `${this.input.id}_camera`;
    camera.setAttribute("capture", "environment");
    return camera;
  }

  listen() {
    for (const source of [this.input, this.camera]) {
      source.addEventListener("change", () => {
        this.take([...source.files]);
        source.value = "";
      });
    }
    this.zone.addEventListener("dragover", (event) => this.over(event, true));
    this.zone.addEventListener("dragleave", (event) => this.over(event, false));
    this.zone.addEventListener("drop", (event) => {
      this.over(event, false);
      this.take([...event.dataTransfer.files]);
    });
    this.form.addEventListener("submit", (event) => this.hold(event), true);
  }

  over(event, isOver) {
    event.preventDefault();
    this.zone.classList.toggle("is-over", isOver);
  }

  take(files) {
    for (const file of files) {
      const left = this.jobs.find((job) => job.state === "missing" && isSame(job.row, file));
      if (left) this.begin(left, file);
      else this.accept(file);
    }
    this.next();
  }

  accept(file) {
    const job = this.add(file);
    const reason = this.reasonAgainst(file);
    if (reason) {
      this.refuse(job, reason);
      return;
    }
    job.keeping = this.keeping.keep(file).then((row) => {
      job.row = row;
      if (job.transfer) this.remember(job); // it was quicker than the disk
    });
    this.begin(job, file);
  }

  add(known) {
    const job = { name: known.name, size: known.size, line: new Item(known), state: "new" };
    this.jobs.push(job);
    this.list.append(job.line.item);
    return job;
  }

  begin(job, bytes) {
    job.bytes = bytes;
    job.state = "queued";
    job.line.offer(["cancel", () => this.stop(job)]);
    job.line.say(say("queued"));
  }

  // Said before the first byte goes off; the server, which knows better, says it too.
  reasonAgainst({ size }) {
    const { uploadMax, uploadRoom } = this.input.dataset;
    if (size > Number(uploadMax || Infinity)) return say("tooLarge");
    const coming = this.jobs.filter((job) => UNDER_WAY.includes(job.state));
    const taken = coming.reduce((sum, job) => sum + job.size, size);
    return taken > Number(uploadRoom || Infinity) ? say("noRoom") : "";
  }

  async restore() {
    for (const { row, bytes } of await this.keeping.left()) await this.restoreOne(row, bytes);
    this.zone.dataset.restored = "";
    this.next();
  }

  async restoreOne(row, bytes) {
    const inForm = this.form.querySelector(`[name="${this.field}"][value="${row.upload}"]`);
    const isOver = row.refused && !this.keeping.isOurs(row);
    if (isOver || (row.upload && (inForm || !(await isThere(row))))) {
      await this.keeping.drop(row);
      return;
    }
    const job = this.add(row);
    job.row = row;
    job.bytes = bytes;
    if (this.keeping.isOurs(row)) this.goOnWith(job);
    else this.ask(job);
  }

  goOnWith(job) {
    if (job.row.upload) this.isIn(job, job.row.upload);
    else if (job.bytes) this.begin(job, job.bytes);
    else this.miss(job);
  }

  // It may have been meant for something else: until somebody answers it is neither sent nor used.
  ask(job) {
    job.state = "asked";
    job.line.bar.remove();
    job.line.say(say("leftBefore"));
    job.line.offer(["useIt", () => this.use(job)], ["removeIt", () => this.giveUp(job)]);
    this.live.textContent = say("leftBeforeNamed", { name: job.name });
  }

  async use(job) {
    const { row, bytes } = job;
    await this.keeping.change(row, { form: this.keeping.form });
    const anew = this.anew(job);
    anew.row = row;
    anew.bytes = bytes;
    this.goOnWith(anew);
    this.next();
    anew.line.buttons.firstElementChild?.focus();
  }

  // The room that was promised for the rest of it is given back.
  giveUp(job) {
    if (!job.row.upload) this.transferOf(job).cancel();
    this.drop(job, "gone");
  }

  /** A new line in the place of the old one. */
  anew(job) {
    job.line.item.remove();
    this.jobs = this.jobs.filter((each) => each !== job);
    return this.add(job);
  }

  // Only its name and how far it got are known; its bytes did not fit on this device.
  miss(job) {
    job.state = "missing";
    job.line.say(say("chooseAgain"));
    job.line.offer(["remove", () => this.drop(job, "gone")]);
  }

  get field() {
    return this.input.dataset.uploadField || "uploads";
  }

  busy() {
    return this.jobs.filter((job) => UNDER_WAY.includes(job.state));
  }

  next() {
    const queued = this.jobs.filter((job) => job.state === "queued");
    const running = this.busy().length - queued.length;
    queued.slice(0, Math.max(0, AT_ONCE - running)).forEach((job) => this.start(job));
    if (!this.busy().length) this.goOn();
  }

  start(job) {
    this.live.textContent = say("sending", { name: job.name });
    job.transfer = this.transferOf(job);
    job.transfer.start();
  }

  transferOf(job) {
    const bytes = job.bytes ?? new Blob();
    return new Transfer({
      bytes,
      name: job.name,
      type: bytes.type,
      endpoint: this.input.dataset.uploadUrl,
      token: this.form.elements.csrfmiddlewaretoken?.value ?? "",
      url: job.row?.url,
      tell: () => this.hear(job),
    });
  }

  hear(job) {
    const { transfer, state } = job;
    this.remember(job);
    job.state = transfer.state;
    this[`on_${transfer.state}`](job, state);
  }

  remember({ row, transfer }) {
    if (!row) return;
    const { state, upload } = transfer;
    if (state === "done") this.keeping.isIn(row, { upload, refused: false });
    else if (row.url !== transfer.url) this.keeping.change(row, { url: transfer.url });
  }

  on_sending(job, before) {
    job.line.progress(job.transfer);
    if (before !== "sending") this.offerPause(job);
  }

  offerPause(job) {
    job.line.mark("sending");
    job.line.offer(
      ["pause", () => job.transfer.pause()],
      ["cancel", () => this.stop(job)],
    );
  }

  on_waiting(job) {
    job.line.say(job.transfer.reason);
    this.live.textContent = say("refused", { name: job.name, reason: job.transfer.reason });
    this.offerPause(job);
    job.line.mark("waiting");
  }

  on_paused(job) {
    job.line.mark("paused");
    job.line.say(say("paused"));
    job.line.offer(
      ["resume", () => job.transfer.resume()],
      ["cancel", () => this.stop(job)],
    );
    this.next();
  }

  on_done(job) {
    this.isIn(job, job.transfer.upload);
    this.live.textContent = say("added", { name: job.name });
    this.next();
  }

  on_refused(job) {
    this.noteRefusal(job, true);
    this.refuse(job, job.transfer.reason, true);
    this.next();
  }

  on_signedOut(job) {
    this.refuse(job, say("signedOut"), true);
    this.next();
  }

  isIn(job, number) {
    const kept = element("input");
    kept.type = "hidden";
    kept.name = this.field;
    kept.value = number;
    job.state = "done";
    job.line.item.append(kept);
    job.line.conclude("in", say("isIn"));
    job.line.offer(["remove", () => this.drop(job, "gone")]);
    this.input.required = false;
  }

  refuse(job, reason, mayTryAgain = false) {
    this.heldBy = null; // what is missing should be seen before the form goes off
    this.wait.textContent = "";
    job.state = "refused";
    job.line.conclude("refused", reason);
    this.live.textContent = say("refused", { name: job.name, reason });
    const remove = ["remove", () => this.drop(job, "gone")];
    const again = ["again", () => this.tryAgain(job)];
    job.line.offer(...(mayTryAgain ? [again, remove] : [remove]));
  }

  // What was refused does not wait to be sent.
  async noteRefusal(job, refused) {
    await job.keeping;
    if (job.row) await this.keeping.change(job.row, { refused });
  }

  tryAgain(job) {
    const { row, bytes } = job;
    if (row) row.url = job.transfer.url;
    this.noteRefusal(job, false);
    const anew = this.anew(job);
    anew.row = row;
    this.begin(anew, bytes);
    this.next();
  }

  stop(job) {
    job.transfer?.cancel();
    this.drop(job, "stopped");
    this.next();
  }

  async drop(job, key) {
    this.jobs = this.jobs.filter((each) => each !== job);
    job.line.item.remove();
    this.live.textContent = say(key, { name: job.name });
    const kept = this.list.querySelector("input[type=hidden]");
    this.input.required = this.required && !kept;
    this.input.focus();
    await job.keeping;
    if (job.row) await this.keeping.drop(job.row);
  }

  hold(event) {
    this.jobs.filter((job) => job.state === "paused").forEach((job) => job.transfer.resume());
    if (!this.busy().length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.heldBy = { submitter: event.submitter };
    this.wait.textContent = say("wait");
  }

  goOn() {
    const held = this.heldBy;
    this.heldBy = null;
    this.wait.textContent = "";
    if (held) this.form.requestSubmit(held.submitter);
  }
}

const isSame = (row, file) =>
  row.name === file.name && row.size === file.size && row.modified === file.lastModified;

document.querySelectorAll("input[type=file][data-upload-url]").forEach((input) => new Uploader(input));
