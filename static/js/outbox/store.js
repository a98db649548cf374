// What a person has on this device and the server has not: captures, and files on their way.
// One database an account, so that no page of another account can come upon them.
//
//   captures  {id, state, centre, url, title, unit, text, made, trouble, reason}
//   files     {id, owner, name, size, type, modified, url, upload, reason, at,
//              form, refused, recording}
//   bytes     the files' contents, by the files' ids, until the server has them
//
// A file's owner is its capture's id, or "form:<path>#<field>" for a file of an ordinary form;
// `form` then tells one filling in of it from the next. While a voice is recorded its file says
// `recording`, and its pieces lie under [id, 0], [id, 1] …: joined, they are the file.
const VERSION = 1;

const nameOf = (user) => `signpost-${user}`;

const answerTo = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const endOf = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });

const piecesOf = (id) => IDBKeyRange.bound([id], [id, []]);

function dropBytes(contents, id) {
  contents.delete(id);
  contents.delete(piecesOf(id));
}

function build(database) {
  database.createObjectStore("captures", { keyPath: "id" });
  database.createObjectStore("files", { keyPath: "id" }).createIndex("owner", "owner");
  database.createObjectStore("bytes");
}

/** The account's store, or null where the browser keeps nothing (a private window, no user). */
export async function openStore(user) {
  if (!user || !globalThis.indexedDB) return null;
  const opening = indexedDB.open(nameOf(user), VERSION);
  opening.onupgradeneeded = () => build(opening.result);
  try {
    return new Store(await answerTo(opening), String(user));
  } catch {
    return null;
  }
}

/** Hear of changes and progress, whichever page or worker makes them. */
export function listen(user, hear) {
  const channel = new BroadcastChannel(nameOf(user));
  channel.addEventListener("message", (event) => hear(event.data));
  return channel;
}

export const isNoRoom = (error) => error?.name === "QuotaExceededError";

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

class Store {
  constructor(database, user) {
    this.database = database;
    this.user = user;
    this.channel = new BroadcastChannel(nameOf(user));
    database.onversionchange = () => database.close();
  }

  tell(message) {
    this.channel.postMessage(message);
  }

  read(name) {
    return this.database.transaction(name).objectStore(name);
  }

  // `change` gets the three object stores; all of it happens, or nothing.
  async write(change) {
    await this.writeQuietly(change);
    this.tell({ kind: "changed" });
  }

  async writeQuietly(change) {
    const names = ["captures", "files", "bytes"];
    const transaction = this.database.transaction(names, "readwrite", { durability: "strict" });
    const ended = endOf(transaction);
    try {
      change(...names.map((name) => transaction.objectStore(name)));
    } catch (error) {
      ended.catch(() => {});
      transaction.abort();
      throw error;
    }
    await ended;
  }

  async captures() {
    const all = await answerTo(this.read("captures").getAll());
    return all.sort((one, other) => one.made.localeCompare(other.made));
  }

  capture(id) {
    return answerTo(this.read("captures").get(id));
  }

  count() {
    return answerTo(this.read("captures").count());
  }

  saveCapture(capture) {
    return this.write((captures) => captures.put(capture));
  }

  /** Change what is there now, never what was read a while ago. */
  changeCapture(id, values) {
    return this.write((captures) => this.#change(captures, id, values));
  }

  changeFile(id, values) {
    return this.write((_captures, files) => this.#change(files, id, values));
  }

  #change(objects, id, values) {
    const reading = objects.get(id);
    reading.onsuccess = () => {
      if (reading.result) objects.put({ ...reading.result, ...values });
    };
  }

  async files(owner) {
    const found = await answerTo(this.read("files").index("owner").getAll(owner));
    return found.sort((one, other) => one.at - other.at);
  }

  async bytes(id) {
    const whole = await answerTo(this.read("bytes").get(id));
    if (whole) return whole;
    const pieces = await answerTo(this.read("bytes").getAll(piecesOf(id)));
    return pieces.length ? new Blob(pieces, { type: pieces[0].type }) : undefined;
  }

  /** The file, its bytes and the capture that it belongs to: all of them, or none. */
  addFile(file, bytes, capture = null) {
    return this.write((captures, files, contents) => {
      if (capture) captures.put(capture);
      files.put(file);
      if (bytes) contents.put(bytes, file.id);
    });
  }

  /** The first piece of a recording comes with its file and its capture. */
  beginRecording(file, piece, capture) {
    return this.write((captures, files, contents) => {
      captures.put(capture);
      files.put(file);
      contents.put(piece, [file.id, 0]);
    });
  }

  /** Another piece; none for a recording that was thrown away meanwhile. */
  addPiece(file, piece, at) {
    return this.writeQuietly((_captures, files, contents) => {
      const reading = files.getKey(file.id);
      reading.onsuccess = () => {
        if (!reading.result) return;
        files.put(file);
        contents.put(piece, [file.id, at]);
      };
    });
  }

  /** The server has it: the number stays, the bytes can go. */
  fileIsIn(id, values) {
    return this.write((_captures, files, contents) => {
      this.#change(files, id, values);
      dropBytes(contents, id);
    });
  }

  dropFile(id) {
    return this.write((_captures, files, contents) => {
      files.delete(id);
      dropBytes(contents, id);
    });
  }

  async dropCapture(id) {
    const files = await this.files(id);
    return this.write((captures, rows, contents) => {
      captures.delete(id);
      for (const file of files) {
        rows.delete(file.id);
        dropBytes(contents, file.id);
      }
    });
  }

  /** Files of ordinary forms. */
  async formFiles() {
    const all = await answerTo(this.read("files").getAll());
    return all.filter(({ owner }) => owner.startsWith("form:"));
  }

  async dropForms({ before = Infinity } = {}) {
    const files = await this.formFiles();
    for (const { id } of files.filter(({ at }) => at < before)) await this.dropFile(id);
  }
}
