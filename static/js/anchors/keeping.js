// Saves the claims while somebody is at it, so that nothing is lost when a tab closes or the signal
// goes; the form's own button sends the same fields, and needs none of this.
import { say } from "../words.js";

const SOON = 500;
const AGAIN = 8000;
const TYPED = /^(in|words|page|part|from|to)-(\d+)$/;

export class Keeper {
  constructor(form, { onKept, onRefused }) {
    this.form = form;
    this.note = form.querySelector("[data-kept]");
    this.onKept = onKept;
    this.onRefused = onRefused;
    this.changes = 0; // made here
    this.kept = 0; // of which the server has these
    this.typed = null; // the criterion whose typed place goes along, once
    this.waiting = 0;
    this.sending = null;
    addEventListener("online", () => this.soon(0));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.isBehind) this.send({ keepalive: true });
    });
    addEventListener("beforeunload", (event) => {
      if (this.isBehind && !this.leaving) event.preventDefault();
    });
    form.addEventListener("submit", () => {
      this.leaving = true;
      clearTimeout(this.waiting);
    });
  }

  get isBehind() {
    return this.kept < this.changes;
  }

  changed({ typed = null, soon = SOON } = {}) {
    this.changes += 1;
    this.typed = typed ?? this.typed;
    this.soon(soon);
  }

  soon(delay) {
    clearTimeout(this.waiting);
    if (this.isBehind && !this.leaving) this.waiting = setTimeout(() => this.send(), delay);
  }

  fields() {
    const data = new FormData(this.form);
    for (const name of [...data.keys()]) {
      const pk = TYPED.exec(name)?.[2];
      if (pk && pk !== this.typed) data.delete(name);
    }
    return data;
  }

  // One at a time: what changes meanwhile goes with the next.
  async send({ keepalive = false } = {}) {
    if (this.sending) return;
    const [changes, typed] = [this.changes, this.typed];
    this.note.textContent = say("placeKeeping");
    this.sending = fetch(this.form.action || location.href, {
      method: "POST",
      body: this.fields(),
      headers: { "X-Signpost-Keep": "1", Accept: "application/json" },
      credentials: "same-origin",
      redirect: "error",
      keepalive,
    });
    try {
      await this.read(await this.sending, changes, typed);
    } catch {
      this.note.textContent = say("placeNotKept");
      this.again = AGAIN;
    } finally {
      this.sending = null;
      this.soon(this.again ?? SOON);
      this.again = null;
    }
  }

  async read(response, changes, typed) {
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) throw new Error(String(response.status));
    const answer = await response.json();
    this.kept = changes;
    if (this.typed === typed) this.typed = null;
    if (response.status === 422) {
      this.note.textContent = say("placeRefused");
      this.onRefused(answer.errors, typed);
      return;
    }
    this.form.elements["seen-criteria"].value = answer.seenCriteria;
    this.form.elements["seen-anchors"].value = answer.seenAnchors;
    this.note.textContent = say("placeKept");
    this.onKept(answer.anchors, { isNewest: !this.isBehind, typed });
  }
}
