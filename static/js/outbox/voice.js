// The button that records a voice. Each piece is kept on this device as it comes, so that a browser
// that is closed, or a phone that rings, takes away the last moment of it at most.
import { say } from "../words.js";
import { Recorder } from "./recorder.js";
import { newId } from "./store.js";

export class Voice {
  /** `draft()` gives the capture that it belongs to, `ended(recording)` hears what came of it. */
  constructor({ button, store, draft, ended }) {
    Object.assign(this, { button, store, draft, ended });
    this.run = null;
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.run?.recorder.flush();
    });
  }

  async toggle() {
    if (this.run) await this.stop();
    else await this.#start();
  }

  async #start() {
    const run = new Run(this);
    this.run = run;
    try {
      await run.recorder.start();
      run.isOn = true;
    } catch (error) {
      this.run = null;
      throw error;
    }
  }

  /** Gives what was recorded once all of it is kept; nothing if nothing was being recorded. */
  stop() {
    return this.run?.isOn ? this.run.stop() : null;
  }

  count(seconds) {
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    this.button.classList.add("is-recording");
    this.say(say("recording", { time }));
  }

  say(words) {
    this.button.querySelector("span").textContent = words;
  }

  async conclude(recording) {
    this.run = null;
    this.button.classList.remove("is-recording");
    this.say(say("record"));
    await this.ended(recording);
  }
}

// One recording, from the press that begins it until all of it is kept.
class Run {
  constructor(voice) {
    this.voice = voice;
    this.isOn = false;
    this.wasStopped = false;
    this.file = null;
    this.pieces = 0;
    this.keeping = Promise.resolve();
    this.finished = new Promise((resolve) => (this.finish = resolve));
    this.recorder = new Recorder({
      tick: (seconds) => voice.count(seconds),
      piece: (piece) => (this.keeping = this.keeping.then(() => this.#keep(piece))),
      over: () => this.#over(),
    });
  }

  stop() {
    this.wasStopped = true;
    this.recorder.stop();
    return this.finished;
  }

  // After a piece that could not be kept there is no sense in the next: a gap could not be played.
  async #keep(piece) {
    if (this.error) return;
    try {
      await this.#write(piece);
    } catch (error) {
      this.error = error;
      this.recorder.stop();
    }
  }

  async #write(piece) {
    const { store, draft } = this.voice;
    const capture = this.file ? null : draft();
    const file = this.file ?? this.#fileOf(capture);
    const grown = { ...file, size: file.size + piece.size };
    if (capture) await store.beginRecording(grown, piece, capture);
    else await store.addPiece(grown, piece, this.pieces);
    this.pieces += 1;
    this.file = grown;
  }

  #fileOf({ id: owner }) {
    const { name, type, began } = this.recorder;
    const modified = began.getTime();
    const about = { id: newId(), owner, name, type, modified, at: Date.now() };
    return { ...about, size: 0, url: "", upload: "", recording: true };
  }

  async #over() {
    await this.keeping;
    const { name } = this.recorder;
    const file = this.file && { ...this.file, recording: false };
    if (file) await this.voice.store.changeFile(file.id, { recording: false }).catch(() => {});
    const recording = { file, name, error: this.error, byItself: !this.wasStopped };
    await this.voice.conclude(recording);
    this.finish(recording);
  }
}
