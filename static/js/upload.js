// <input type="file" multiple data-upload-url data-upload-field="uploads" [data-upload-max]>:
// files go off one by one as they are chosen, dropped or photographed, each with its progress.
// The form then carries their ids in hidden inputs. Without JavaScript it carries the files.
import { say } from "./words.js";

const AT_ONCE = 2;

function element(name, css, text = "") {
  const made = document.createElement(name);
  if (css) made.className = css;
  made.textContent = text;
  return made;
}

export function sizeInWords(bytes) {
  const number = (value, digits) =>
    value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
  if (bytes < 1_000_000) return say("kB", { size: number(Math.max(1, bytes / 1000), 0) });
  return say("MB", { size: number(bytes / 1_000_000, 1) });
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null; // a proxy's or a sign-in page, not our answer
  }
}

function reasonFor(request, answer) {
  if (answer?.error) return answer.error;
  if (request.status === 413) return say("tooLarge");
  if ([200, 302, 401, 403].includes(request.status)) return say("signedOut");
  return say(request.status ? "uploadTrouble" : "connection");
}

function send({ file, url, token, onProgress, onIn, onRefused }) {
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file);
  request.open("POST", url);
  request.setRequestHeader("X-CSRFToken", token);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", onProgress);
  request.addEventListener("load", () => {
    const answer = answerOf(request);
    if (request.status === 201 && answer?.id !== undefined) onIn(answer);
    else onRefused(reasonFor(request, answer));
  });
  request.addEventListener("error", () => onRefused(reasonFor(request, null)));
  request.send(body);
  return request;
}

// One line of the list: name, size, bar, a note, and what can be done about it.
function makeItem(file) {
  const item = element("li", "upload-item");
  const name = element("span", "upload-name", `${file.name} `);
  name.append(element("span", "upload-size", sizeInWords(file.size)));
  const bar = element("progress", "bar");
  bar.max = 100;
  bar.setAttribute("aria-label", say("sending", { name: file.name }));
  const note = element("p", "upload-note");
  const buttons = element("div", "upload-buttons");
  item.append(name, bar, note, buttons);
  return { item, bar, note, buttons };
}

class Uploader {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    this.waiting = [];
    this.running = new Set();
    this.heldBy = null;
    this.required = input.required;
    this.build();
    this.listen();
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
    for (const file of files) this.enqueue(file, makeItem(file));
    this.next();
  }

  enqueue(file, parts) {
    this.list.append(parts.item);
    const largest = Number(this.input.dataset.uploadMax || Infinity);
    if (file.size > largest) this.refuse(file, parts, say("tooLarge"), false);
    else {
      this.waiting.push({ file, parts });
      this.offer(parts, "cancel", file, () => this.stop(file, parts));
    }
  }

  next() {
    while (this.waiting.length && this.running.size < AT_ONCE) this.start(this.waiting.shift());
    if (!this.waiting.length && !this.running.size) this.goOn();
  }

  start(job) {
    const { file, parts } = job;
    this.live.textContent = say("sending", { name: file.name });
    this.running.add(job);
    job.request = send({
      file,
      url: this.input.dataset.uploadUrl,
      token: this.form.elements.csrfmiddlewaretoken?.value ?? "",
      onProgress: (event) => this.progress(parts, event),
      onIn: (answer) => this.settle(job, () => this.accept(file, parts, answer)),
      onRefused: (reason) => this.settle(job, () => this.refuse(file, parts, reason, true)),
    });
  }

  progress({ bar, note }, event) {
    if (!event.lengthComputable) return;
    const percent = Math.floor((100 * event.loaded) / event.total);
    bar.value = percent;
    const key = percent < 100 ? "percent" : "checking";
    note.textContent = say(key, { percent });
  }

  settle(job, finish) {
    this.running.delete(job);
    finish();
    this.next();
  }

  accept(file, parts, answer) {
    const kept = element("input");
    kept.type = "hidden";
    kept.name = this.input.dataset.uploadField || "uploads";
    kept.value = answer.id;
    parts.item.append(kept);
    parts.item.classList.add("is-in");
    this.input.required = false;
    this.conclude(parts, say("isIn"), say("added", { name: file.name }));
    this.offer(parts, "remove", file, () => this.drop(file, parts, "gone"));
  }

  refuse(file, parts, reason, mayTryAgain) {
    this.heldBy = null; // what is missing should be seen before the form goes off
    this.wait.textContent = "";
    parts.item.classList.add("is-refused");
    this.conclude(parts, reason, say("refused", { name: file.name, reason }));
    this.offer(parts, "remove", file, () => this.drop(file, parts, "gone"));
    if (mayTryAgain) {
      this.add(parts, "again", file, () => {
        parts.item.remove();
        this.take([file]);
      });
    }
  }

  // Beside the name a word is enough; what is read out must name the file.
  conclude({ bar, note }, seen, heard) {
    bar.remove();
    note.textContent = seen;
    this.live.textContent = heard;
  }

  stop(file, parts) {
    const job = [...this.running].find((each) => each.parts === parts);
    job?.request.abort();
    this.running.delete(job);
    this.waiting = this.waiting.filter((each) => each.parts !== parts);
    this.drop(file, parts, "stopped");
    this.next();
  }

  drop(file, { item }, key) {
    item.remove();
    this.live.textContent = say(key, { name: file.name });
    const kept = this.list.querySelector("input[type=hidden]");
    this.input.required = this.required && !kept;
    this.input.focus();
  }

  offer(parts, key, file, act) {
    parts.buttons.replaceChildren();
    this.add(parts, key, file, act);
  }

  add({ buttons }, key, file, act) {
    const button = element("button", "btn btn-sm", say(key));
    button.type = "button";
    const values = { action: say(key), name: file.name };
    button.setAttribute("aria-label", say("nameFile", values));
    button.addEventListener("click", act);
    buttons.prepend(button);
  }

  hold(event) {
    if (!this.waiting.length && !this.running.size) return;
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

document.querySelectorAll("input[type=file][data-upload-url]").forEach((input) => new Uploader(input));
