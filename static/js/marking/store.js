// This browser's own copy of what was written and not yet taken by the server: under the person's
// and the submission's number, so that nobody else who sits down here is shown it.
const DAYS = 30;
const PREFIX = "signpost-marking:";
const page = document.querySelector("[data-marking]");
const own = page ? `${PREFIX}${page.dataset.marker}:${page.dataset.marking}:` : null;

const keyOf = (saver) => `${own}${saver.id}`;

// Storage can be full or forbidden; then the question before leaving does its work.
function tryTo(act) {
  try {
    return act();
  } catch (error) {
    if (error instanceof DOMException) return null;
    throw error;
  }
}

export function fieldsOf(saver) {
  if (saver.matches("textarea")) return [[saver.name, saver.value]];
  const left = new Set(["csrfmiddlewaretoken", "revision"]);
  return [...new FormData(saver)].filter(([name]) => !left.has(name));
}

export function keep(saver) {
  const copy = { at: Date.now(), fields: fieldsOf(saver) };
  tryTo(() => localStorage.setItem(keyOf(saver), JSON.stringify(copy)));
}

export const drop = (saver) => forget(keyOf(saver));
export const isKept = (saver) => Boolean(tryTo(() => localStorage.getItem(keyOf(saver))));

export function forget(key) {
  tryTo(() => localStorage.removeItem(key));
}

const keysOf = (user) => {
  const all = user ? (tryTo(() => Object.keys(localStorage)) ?? []) : [];
  return all.filter((key) => key.startsWith(`${PREFIX}${user}:`));
};

/** In how many places somebody has words that the server has not. */
export const countOf = (user) => keysOf(user).length;

/** At sign-out: they are about learners, and this may be anybody's computer. */
export const forgetAllOf = (user) => keysOf(user).forEach(forget);

// What was left on this page: { key, id, at, fields }. What is old goes, wherever it belongs.
export function left() {
  const found = [];
  for (const key of tryTo(() => Object.keys(localStorage)) ?? []) {
    if (!key.startsWith(PREFIX)) continue;
    const copy = JSON.parse(localStorage.getItem(key));
    if (Date.now() - copy.at > DAYS * 86_400_000) forget(key);
    else if (own && key.startsWith(own)) found.push({ key, id: key.slice(own.length), ...copy });
  }
  return found;
}
