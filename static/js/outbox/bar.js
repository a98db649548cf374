// On every page: says how much is not sent yet, sends it when it can, makes the device ready to
// work without a signal, and leaves nothing of the account behind at sign-out but its outbox.
import { say } from "../words.js";
import { account, forget, remember } from "./account.js";
import { sendAll } from "./send.js";
import { ask } from "./server.js";
import { listen, openStore } from "./store.js";

const ASK_AGAIN = 60 * 60 * 1000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

const bar = document.getElementById("outbox-bar");
const { user: signedIn, centre, captures: url } = bar.dataset;
const isShell = Boolean(document.querySelector("[data-capture-shell]"));
const user = signedIn || account()?.user;

class Bar {
  constructor(store) {
    this.store = store;
    this.wait = FIRST_WAIT;
    this.outcome = "";
  }

  async show() {
    // What is open on this page is before the person's eyes.
    const captures = (await this.store.captures()).filter(({ id }) => id !== bar.dataset.open);
    const count = captures.length;
    const isNobody = !signedIn && !isShell;
    const trouble = isNobody || captures.some((capture) => capture.trouble === "signedOut");
    bar.hidden = count === 0;
    bar.classList.toggle("is-trouble", trouble);
    bar.querySelector("a").hidden = !signedIn && !isShell;
    if (!bar.dataset.outbox) bar.querySelector("a").href = whereItIs(captures[0]);
    this.#say(count, trouble);
    this.#warnAtSignOut(count);
  }

  #say(count, signInFirst) {
    const key = signInFirst ? "unsentSignedOut" : count === 1 ? "unsentOne" : "unsentMany";
    const place = bar.querySelector("p");
    const sentence = count ? say(key, { count }) : "";
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  #warnAtSignOut(count) {
    for (const form of signOutForms()) {
      if (count) form.dataset.confirm = say("unsentSignOut", { count });
      else delete form.dataset.confirm;
    }
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

const whereItIs = (capture) =>
  capture && signedIn ? `/c/${capture.centre}/outbox/` : "/capture/#outbox";

const signOutForms = () => document.querySelectorAll("form[data-sign-out]");

// Away with what the device knew of the account. What is not sent stays, in the account's own
// store, and files of half-filled forms go with the forms.
function leave() {
  forget();
  navigator.serviceWorker?.controller?.postMessage({ kind: "signed-out" });
  openStore(signedIn).then((store) => store?.dropForms());
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
  for (const form of signOutForms()) {
    form.addEventListener("submit", (event) => event.defaultPrevented || leave());
  }
  register();
  const store = await openStore(user);
  if (store) watch(new Bar(store));
  await prepare().catch(() => {});
}

function watch(made) {
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
