// Sends what waits in the outbox, one capture after the other: its files by tus, then what is
// said of them. One page or worker of an account sends at a time. Whatever goes wrong, what was
// not sent stays.
import { Transfer } from "../upload/transfer.js";
import { say } from "../words.js";
import { hold } from "./locks.js";
import { ask, give, Later, Refused, SignedOut } from "./server.js";
import { listen } from "./store.js";

/** Somebody paused or deleted it while it was on its way. */
class Stopped extends Error {}

/**
 * Gives "done", "later" (no signal), "signedOut" or "busy" (another page is at it).
 * A patient sender waits for the signal in the middle of a file; a worker must not.
 */
export async function sendAll(store, { patient = true } = {}) {
  const giveBack = await hold(`outbox-${store.user}`);
  if (!giveBack) return "busy";
  try {
    return await sendEach(store, patient);
  } finally {
    giveBack();
  }
}

async function sendEach(store, patient) {
  for (const { id } of await store.captures()) {
    const capture = await store.capture(id);
    if (capture?.state !== "waiting") continue;
    try {
      await new Sending(store, capture, patient).run();
    } catch (error) {
      const outcome = await note(store, capture, error);
      if (outcome) return outcome;
    }
  }
  return "done";
}

// What came of it; an outcome when there is no sense in trying the next one.
async function note(store, { id }, error) {
  if (error instanceof Stopped) return null;
  if (error instanceof Refused) {
    await store.changeCapture(id, { state: "refused", trouble: "", reason: error.message });
    return null;
  }
  if (error instanceof SignedOut) {
    await store.changeCapture(id, { trouble: "signedOut" });
    return "signedOut";
  }
  if (error instanceof Later) {
    await store.changeCapture(id, { trouble: "noSignal" });
    return "later";
  }
  throw error;
}

class Sending {
  constructor(store, capture, patient) {
    Object.assign(this, { store, capture, patient });
  }

  async run() {
    const { store, capture } = this;
    this.facts = await ask(capture.url, store.user);
    if (capture.trouble) await store.changeCapture(capture.id, { trouble: "" });
    const channel = listen(store.user, (said) => said.kind === "changed" && this.#look());
    try {
      for (const file of await store.files(capture.id)) {
        await this.#mayGoOn();
        if (!file.upload) await this.#file(file);
      }
      await this.#mayGoOn();
      await this.#capture();
    } finally {
      channel.close();
    }
  }

  // Another page may have paused it or thrown it away.
  async #mayGoOn() {
    const now = await this.store.capture(this.capture.id);
    if (now?.state !== "waiting") throw new Stopped();
  }

  #look() {
    this.#mayGoOn().catch((stopped) => this.stop?.(stopped));
  }

  async #file(file) {
    const bytes = await this.store.bytes(file.id);
    const { name, type, url } = file;
    if (!bytes) throw await this.#refuseFile(file, say("bytesLost"));
    const { transfers: endpoint, token } = this.facts;
    let transfer;
    try {
      const upload = await new Promise((resolve, reject) => {
        this.stop = reject;
        const tell = () => this.#hear(transfer, file, resolve, reject);
        transfer = new Transfer({ bytes, name, type, endpoint, token, url, tell });
        transfer.start();
      });
      await this.store.fileIsIn(file.id, { upload, reason: "" });
    } catch (error) {
      if (await this.store.capture(this.capture.id)) transfer.pause();
      else transfer.cancel();
      throw error;
    } finally {
      this.stop = null;
    }
  }

  #hear(transfer, file, resolve, reject) {
    const { state, sent, size, speed, upload, url } = transfer;
    if (url !== file.url) {
      file.url = url;
      this.store.changeFile(file.id, { url });
    }
    this.store.tell({ kind: "progress", id: this.capture.id, file: file.id, state, sent, size, speed });
    if (state === "done") resolve(upload);
    else if (state === "signedOut") reject(new SignedOut());
    else if (state === "waiting" && !this.patient) reject(new Later(transfer.reason));
    else if (state === "refused") {
      this.#refuseFile(file, say(transfer.reason)).then(reject, reject);
    }
  }

  async #refuseFile(file, reason) {
    await this.store.changeFile(file.id, { reason });
    return new Refused(`${file.name}: ${reason}`);
  }

  async #capture() {
    const { store, capture, facts } = this;
    const files = await store.files(capture.id);
    const { id, title, unit, text, made } = capture;
    const said = { capture_id: id, user: store.user, title, unit, text, captured_at: made };
    const fields = [...Object.entries(said), ...files.map((file) => ["uploads", file.upload])];
    const answer = await give(capture.url, facts.token, fields);
    await store.dropCapture(id);
    store.tell({ kind: "sent", id, title: answer.title, number: answer.number, url: answer.url });
  }
}
