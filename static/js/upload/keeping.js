// Files of a form outlive the page: their bytes lie on this device until the server has them,
// so that after a reload, or a browser that was killed, they go on by themselves.
import { hold } from "../outbox/locks.js";
import { newId, openStore } from "../outbox/store.js";

const RELOAD = 1500; // as long as the page that was here before may take to let go
const SPARE = 3; // no more than a third of what is free is used for a copy

export class Keeping {
  constructor({ user, owner }) {
    this.owner = owner;
    this.store = openStore(user);
  }

  /** What is known of a file from now on. Its bytes are kept beside it where there is room. */
  async keep(file) {
    const { name, size, type, lastModified: modified } = file;
    const known = { id: newId(), owner: this.owner, name, size, type, modified, at: Date.now() };
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

  /** What an earlier visit of this page left, less what another tab has in hand. */
  async left() {
    const store = await this.store;
    const rows = store ? await store.files(this.owner) : [];
    const found = await Promise.all(
      rows.map(async (row) => (await this.locked(row.id)) && { row, bytes: await store.bytes(row.id) }),
    );
    return found.filter(Boolean);
  }
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
