// On every page: says how much is not sent yet, sends it when it can, makes the device ready to
// work without a signal, and leaves nothing of the account behind at sign-out but its outbox.
import { countOf, forgetAllOf } from "../marking/store.js";
import { say } from "../words.js";
import { account, forget, remember } from "./account.js";
import { sendAll } from "./send.js";
import { ask } from "./server.js";
import { listen, openStore } from "./store.js";

const ASK_AGAIN = 60 * 60 * 1000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;
const DAYS = 30; // that a file of a form nobody came back to is kept
const LEFT = "signpost-left"; // who has just signed out, until all of theirs is gone

const bar = document.getElementById("outbox-bar");
const { user: signedIn, centre, captures: url } = bar.dataset;
const isShell = Boolean(document.querySelector("[data-capture-shell]"));
const user = signedIn || account()?.user;
const unsent = { captures: 0, files: 0 };

class Bar {
  constructor(store) {
    this.store = store;
    this.wait = FIRST_WAIT;
  }

  async show() {
    const all = await this.store.captures();
    const files = (await this.store.formFiles()).filter(({ upload, refused }) => !upload && !refused);
    Object.assign(unsent, { captures: all.length, files: files.length });
    // What is open on this page is before the person's eyes.
    const captures = all.filter(({ id }) => id !== bar.dataset.open);
    this.#showThese(captures, signedIn ? files.filter((file) => !isHere(file)) : []);
  }

  #showThese(captures, files) {
    const isNobody = !signedIn && !isShell;
    const isShut = isNobody || captures.some((capture) => capture.trouble === "signedOut");
    bar.hidden = !captures.length && !files.length;
    bar.classList.toggle("is-trouble", captures.length > 0 && isShut);
    link("outbox", captures.length && !isNobody && (bar.dataset.outbox || whereItIs(captures[0])));
    link("form", files.length && pathOf(files[0]));
    const words = isShut ? ["unsentSignedOut", "unsentSignedOut"] : ["unsentOne", "unsentMany"];
    const sentences = [counted(captures, ...words), counted(files, "unsentFile", "unsentFiles")];
    const place = bar.querySelector("p");
    const sentence = sentences.filter(Boolean).join(". ");
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  async send() {
    clearTimeout(this.timer);
    const waiting = (await this.store.captures()).some(({ state }) => state === "waiting");
    if (!waiting) return;
    const outcome = await sendAll(this.store);
    if (outcome === "later" || outcome === "busy") this.#tryLater();
    else this.wait = FIRST_WAIT;
  }

  #tryLater() {
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(LONGEST_WAIT, 2 * this.wait);
  }

  now() {
    this.wait = FIRST_WAIT;
    this.send();
  }
}

const pathOf = ({ owner }) => owner.slice("form:".length).split("#")[0];

const isHere = (file) => pathOf(file) === location.pathname;

const whereItIs = ({ centre: slug }) => (signedIn ? `/c/${slug}/outbox/` : "/capture/#outbox");

function counted({ length: count }, one, many) {
  return count ? say(count === 1 ? one : many, { count }) : "";
}

function link(name, address) {
  const made = bar.querySelector(`[data-to="${name}"]`);
  made.hidden = !address;
  if (address) made.href = address;
}

// Signing out

const signOutForms = () => document.querySelectorAll("form[data-sign-out]");

/** What becomes of all that is not sent; nothing where all is. */
function question() {
  const found = { outSent: unsent.captures, outFiles: unsent.files, outMarks: countOf(signedIn) };
  const sentences = Object.entries(found).filter(([, count]) => count);
  if (!sentences.length) return "";
  return [...sentences.map(([key, count]) => say(key, { count })), say("outNow")].join(" ");
}

// Asked of the moment of the press, before confirm.js looks: words are kept as they are typed.
function warn({ target }) {
  if (!target.matches("form[data-sign-out]")) return;
  target.dataset.confirm = question();
}

// Away with what the device knew of the account. Captures stay, in the account's own store; files
// of half-filled forms go with the forms, and words about learners go, too.
function leave() {
  forget();
  forgetAllOf(signedIn);
  navigator.serviceWorker?.controller?.postMessage({ kind: "signed-out" });
  sessionStorage.setItem(LEFT, signedIn);
  clean(signedIn);
}

// This page may be gone before it is done; then the next one does it.
async function clean(whose) {
  const store = await openStore(whose);
  await store?.dropForms();
  sessionStorage.removeItem(LEFT);
}

async function prepare() {
  if (!url) return;
  const known = account();
  const facts = known?.user === signedIn ? known.centres[centre] : null;
  if (known?.user !== signedIn) remember(signedIn, centre, { captures: url, units: [], at: 0 });
  if (facts && Date.now() - facts.at < ASK_AGAIN) return;
  const { token: _token, ...fresh } = await ask(url, signedIn);
  remember(signedIn, centre, { ...fresh, captures: url, at: Date.now() });
}

function register() {
  if (!navigator.serviceWorker || !(url || isShell)) return;
  const sends = "SyncManager" in window; // then the worker sends, too, and is a module for that
  const [address, type] = sends ? ["/sw.js?sends", "module"] : ["/sw.js", "classic"];
  navigator.serviceWorker.register(address, { type, updateViaCache: "none" }).catch(() => {});
}

async function begin() {
  if (signedIn && account() && account().user !== signedIn) forget();
  const left = sessionStorage.getItem(LEFT);
  if (left && left !== signedIn) clean(left);
  window.addEventListener("submit", warn, true);
  for (const form of signOutForms()) {
    form.addEventListener("submit", (event) => event.defaultPrevented || leave());
  }
  register();
  const store = await openStore(user);
  if (store) await watch(new Bar(store));
  await prepare().catch(() => {});
}

async function watch(made) {
  await made.store.dropForms({ before: Date.now() - DAYS * 86_400_000 });
  listen(user, ({ kind }) => {
    if (kind === "changed" || kind === "sent") made.show();
    if (kind === "go") made.now();
  });
  made.show();
  if (!signedIn && !isShell) return; // a page of nobody's: it says what waits, and sends nothing
  made.send();
  window.addEventListener("online", () => made.now());
  document.addEventListener("visibilitychange", () => document.hidden || made.now());
  navigator.serviceWorker?.addEventListener("message", ({ data }) => data?.kind === "go" && made.now());
}

begin();
