// Whose device this is now: who signed in last and has not signed out, and what the capture
// page must know of their centres when there is no signal. Gone at sign-out.
const KEY = "signpost.account";

export function account() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    localStorage.setItem(KEY, JSON.stringify(value));
  } catch {
    // Nothing can be kept here; then there is nothing to show without a signal either.
  }
}

/** Another person's facts are never mixed with this one's. */
export function remember(user, centre, facts) {
  const known = account();
  const centres = known?.user === String(user) ? known.centres : {};
  keep({ user: String(user), last: centre, centres: { ...centres, [centre]: facts } });
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing was kept.
  }
}

/** The centre's facts: of the address if it names one, else the one used last. */
export function centreHere(path = location.pathname) {
  const known = account();
  const named = /^\/c\/([^/]+)\//.exec(path)?.[1];
  const slug = named ?? known?.last;
  const facts = known?.centres[slug];
  return facts ? { slug, ...facts } : null;
}
