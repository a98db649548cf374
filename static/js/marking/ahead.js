// The next item's pictures, fetched while one is still at this; the page itself is prefetched by
// its <link>.
const address = document.querySelector("[data-ahead]")?.dataset.ahead;

async function load() {
  const response = await fetch(address, { headers: { Accept: "application/json" }, priority: "low" });
  if (!response.ok) return;
  const { pictures } = await response.json();
  for (const picture of pictures) new Image().src = picture;
}

// Nobody needs to know when it does not come: it loads when it is its turn.
if (address) (globalThis.requestIdleCallback ?? setTimeout)(() => load().catch(() => {}));
