// The service worker: pages without a signal. It keeps the look, the scripts and one page that
// is the same for everybody; never a page or a file of an account.
// /sw.js puts `self.signpost` before it: {version, shell, precache}.
const named = () => `signpost-${self.signpost.version}`;

async function fill() {
  const cache = await caches.open(named());
  // Asked as nobody, so that nothing of whoever is signed in can be in the answer.
  const anonymous = (url) => new Request(url, { credentials: "omit", cache: "reload" });
  await cache.addAll([self.signpost.shell, ...self.signpost.precache].map(anonymous));
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== named()).map((name) => caches.delete(name)));
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(fill());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  if (event.data?.kind === "signed-out") event.waitUntil(dropOthers());
});

const IS_HASHED = /\.[0-9a-f]{12}\.\w+$/;

// A name that holds a hash never changes its content; any other is asked for anew.
async function asset(request) {
  const cache = await caches.open(named());
  const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
  if (kept && IS_HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

// The page itself, or, when nothing answers, the page for capturing without a signal.
async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(named());
    const shell = await cache.match(self.signpost.shell, { ignoreVary: true });
    if (shell) return shell;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});
