// Files of a form outlive the page: their bytes lie on this device until the server has them,
// so that after a reload they go on by themselves. What another filling in of the same page left is
// there, too, but it may belong to something else: a person must say that it is wanted here.
import { hold } from "../outbox/locks.js";
import { newId, openStore } from "../outbox/store.js";

const RELOAD = 1500; // as long as the page that was here before may take to let go
const FORM = "signpost-form"; // the form that was sent last; it may come back with an error
const SPARE = 3; // no more than a third of what is free is used for a copy

export class Keeping {
  constructor({ user, owner, form }) {
    this.owner = owner;
    this.form = form;
    this.store = openStore(user);
  }

  /** What is known of a file from now on. Its bytes are kept beside it where there is room. */
  async keep(file) {
    const { name, size, type, lastModified: modified } = file;
    const { owner, form } = this;
    const known = { id: newId(), owner, form, name, size, type, modified, at: Date.now() };
    const row = { ...known, url: "", upload: "" };
    this.locked(row.id);
    const store = await this.store;
    if (!store) return row;
    const bytes = (await hasRoomFor(size)) ? file : null;
    await store.addFile(row, bytes).catch(() => store.addFile(row, null).catch(() => {}));
    return row;
  }

  locked(id) {
    return hold(`file-${id}`, { wait: RELOAD });
  }

  async change(row, values) {
    Object.assign(row, values);
    const store = await this.store;
    await store?.changeFile(row.id, values);
  }

  async isIn(row, values) {
    Object.assign(row, values);
    const store = await this.store;
    await store?.fileIsIn(row.id, values);
  }

  async drop(row) {
    const store = await this.store;
    await store?.dropFile(row.id);
  }

  isOurs(row) {
    return row.form === this.form;
  }

  /** What is left on this page, less what another tab has in hand. */
  async left() {
    const store = await this.store;
    const rows = store ? await store.files(this.owner) : [];
    const found = await Promise.all(
      rows.map(async (row) => (await this.locked(row.id)) && { row, bytes: await store.bytes(row.id) }),
    );
    return found.filter(Boolean);
  }
}

/** Which filling in of a form this is: the same after a reload, after "back", and when the server
 * sends it back (`data-came-back`); another one when the page is opened anew. */
export function formHere(form) {
  const sent = sessionStorage.getItem(FORM);
  sessionStorage.removeItem(FORM);
  const cameBack = "cameBack" in form.dataset ? sent : null;
  const id = history.state?.form ?? cameBack ?? newId();
  history.replaceState({ ...history.state, form: id }, "");
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) sessionStorage.setItem(FORM, id);
  });
  return id;
}

async function hasRoomFor(size) {
  const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return size * SPARE < quota - usage;
}

/** Whether the server still has what was sent and nothing has used it; true if it can't be asked. */
export async function isThere({ url, upload }) {
  try {
    const headers = { "Tus-Resumable": "1.0.0" };
    const answer = await fetch(url, { method: "HEAD", headers, redirect: "manual" });
    return answer.headers.get("Signpost-Upload") === String(upload);
  } catch {
    return true;
  }
}
