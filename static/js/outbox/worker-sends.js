// Background Sync, where there is such a thing: the signal is back and no page is open.
// A page that is open does it better, since it sees how far it is.
import { sendAll } from "./send.js";
import { openStore } from "./store.js";

const TAG = /^outbox-(\d+)$/;

async function sendFor(user) {
  const pages = await self.clients.matchAll({ type: "window" });
  if (pages.some((each) => each.visibilityState === "visible")) {
    pages.forEach((each) => each.postMessage({ kind: "go" }));
    return;
  }
  const store = await openStore(user);
  const outcome = store && (await sendAll(store, { patient: false }));
  if (outcome === "later") throw new Error("later"); // the browser asks again by itself
}

self.addEventListener("sync", (event) => {
  const user = TAG.exec(event.tag)?.[1];
  if (user) event.waitUntil(sendFor(user));
});
