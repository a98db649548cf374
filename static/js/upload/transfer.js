// One file on its way to the server, by tus: it goes on where it stopped, however it stopped.
// `tell(transfer)` hears of every change of `state`:
//
//   sending   bytes are going out, or the server is being asked how many it has
//   waiting   no signal, or the server does not answer; it goes on by itself
//   paused    until resume()
//   done      the server has it; `upload` is its number
//   refused   it will not be taken; `reason` says why
//   signedOut nobody is signed in any more, or somebody else is
import "../../vendor/tus/tus.min.js";
import { say } from "../words.js";
import { fetching } from "./fetching.js";
import { Meter } from "./meter.js";

// What came of a part is kept however it is cut, so large parts cost nothing on a bad line.
const CHUNK = 256 * 1024 * 1024;
// Sent with the request that announces it: before its answer nobody knows where to go on, so a
// cut here means sending it again.
const SMALL = 5 * 1024 * 1024;
const LONGEST_WAIT = 30_000;
const STANDSTILL = 60_000;
const PATIENCE = 6; // times that an error of the server itself is tried again
const GONE = [404, 410];
const SIGNED_OUT = [200, 302, 401, 403];
const LATER = [0, 408, 409, 423, 425, 429, 460, 502, 503, 504];

export class Transfer {
  constructor({ bytes, name, type, endpoint, token, url = "", tell }) {
    Object.assign(this, { bytes, name, type, endpoint, token, url, tell });
    this.size = bytes.size;
    this.state = "paused";
    this.sent = 0;
    this.upload = "";
    this.reason = "";
    this.tries = 0;
    this.startedAnew = false;
    this.meter = new Meter();
    this.goOn = () => this.state === "waiting" && this.start();
    this.breakOff = () => this.state === "sending" && this.#breakOff();
  }

  get speed() {
    return this.meter.speed;
  }

  start() {
    this.#stopWaiting();
    this.meter.forget();
    globalThis.addEventListener("offline", this.breakOff);
    this.#watch();
    this.#become("sending");
    this.tus = new globalThis.tus.Upload(this.bytes, {
      // Where it stopped, or a new one: never a new one because the old could not be asked.
      ...(this.url ? { uploadUrl: this.url } : { endpoint: this.endpoint }),
      chunkSize: CHUNK,
      uploadDataDuringCreation: this.size <= SMALL,
      retryDelays: null,
      storeFingerprintForResuming: false,
      metadata: { filename: this.name, filetype: this.type },
      headers: { "X-CSRFToken": this.token },
      ...(globalThis.XMLHttpRequest ? {} : { httpStack: fetching }),
      onUploadUrlAvailable: () => this.#keepUrl(),
      onProgress: (sent) => this.#progress(sent),
      onChunkComplete: () => (this.tries = 0),
      onAfterResponse: (_request, answer) => this.#read(answer),
      onSuccess: () => this.#succeed(),
      onError: (error) => this.#fail(error),
    });
    this.tus.start();
  }

  pause() {
    if (!["sending", "waiting"].includes(this.state)) return;
    this.#stop();
    this.#become("paused");
  }

  resume() {
    if (this.state === "paused") this.start();
  }

  /** Give it up, here and on the server; if the server can't be told, the part expires there. */
  async cancel() {
    this.#stop();
    const [url, headers] = [this.url, { "X-CSRFToken": this.token }];
    this.url = "";
    if (url) await globalThis.tus.Upload.terminate(url, { headers }).catch(() => {});
  }

  #stop() {
    this.#stopWaiting();
    this.tus?.abort();
  }

  #stopWaiting() {
    clearTimeout(this.timer);
    clearTimeout(this.watch);
    globalThis.removeEventListener("online", this.goOn);
    globalThis.removeEventListener("offline", this.breakOff);
  }

  // A connection can die without a word, as in a tunnel: what stands still is begun anew.
  // Not when all is sent: then the server is looking at the file.
  #watch() {
    clearTimeout(this.watch);
    const isSeen = Boolean(globalThis.XMLHttpRequest); // fetch does not say how far it is
    if (isSeen && this.sent < this.size) this.watch = setTimeout(this.breakOff, STANDSTILL);
  }

  #breakOff() {
    this.#stop();
    this.#wait(0);
  }

  #become(state) {
    if (state !== "sending" && state !== "waiting") this.#stopWaiting();
    this.state = state;
    this.tell(this);
  }

  #keepUrl() {
    this.url = new URL(this.tus.url, location.href).pathname;
    this.tell(this);
  }

  #progress(sent) {
    this.sent = sent;
    this.meter.note(sent);
    this.#watch();
    this.tell(this);
  }

  #read(answer) {
    this.upload = answer.getHeader("Signpost-Upload") || this.upload;
  }

  #succeed() {
    if (this.upload) this.#become("done");
    else this.#startAnew();
  }

  #fail(error) {
    const answer = error.originalResponse;
    const status = answer?.getStatus() ?? 0;
    if (SIGNED_OUT.includes(status)) this.#become("signedOut");
    else if (GONE.includes(status)) this.#startAnew();
    else if (LATER.includes(status) || (status >= 500 && !wordsOf(answer))) this.#wait(status);
    else this.#refuse(reasonIn(answer));
  }

  // The server knows nothing of it any more; what was sent of it is lost, once.
  #startAnew() {
    if (this.startedAnew) return this.#refuse(say("uploadTrouble"));
    this.startedAnew = true;
    this.url = "";
    return this.start();
  }

  #wait(status) {
    this.#stopWaiting();
    this.tries += 1;
    if (status === 500 && this.tries > PATIENCE) return this.#refuse(say("uploadTrouble"));
    this.reason = say(status ? "serverQuiet" : "noSignal");
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.tries);
    this.timer = setTimeout(this.goOn, wait);
    globalThis.addEventListener("online", this.goOn);
    return this.#become("waiting");
  }

  #refuse(reason) {
    this.reason = reason;
    this.#become("refused");
  }
}

// A sentence meant for people comes as plain text; a proxy's page does not.
function wordsOf(answer) {
  const type = answer?.getHeader("Content-Type") ?? "";
  return type.startsWith("text/plain") ? answer.getBody().trim() : "";
}

function reasonIn(answer) {
  return wordsOf(answer) || say(answer.getStatus() === 413 ? "tooLarge" : "uploadTrouble");
}
