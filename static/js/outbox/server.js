// What the outbox asks the server: whose session this is, and to take a capture in.

/** Nothing can be sent just now; it may work later. */
export class Later extends Error {}

/** Nobody is signed in, or somebody else is. */
export class SignedOut extends Error {}

/** The server will not take it; the message is a sentence for people. */
export class Refused extends Error {}

async function reach(url, options = {}) {
  try {
    return await fetch(url, {
      credentials: "same-origin",
      redirect: "manual",
      cache: "no-store",
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch (error) {
    throw new Later(error.message);
  }
}

async function read(answer) {
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
    throw new SignedOut();
  }
  if (answer.status >= 500 || answer.status === 429) throw new Later(String(answer.status));
  const type = answer.headers.get("Content-Type") ?? "";
  if (!type.startsWith("application/json")) throw new Later("not our answer"); // a hotel's page
  return answer.json();
}

/** The facts of a centre for whoever is signed in; SignedOut when that is not this user. */
export async function ask(url, user) {
  const facts = await read(await reach(url));
  if (String(facts.user) !== String(user)) throw new SignedOut();
  return facts;
}

/** Give a capture whose files are in; the same capture may be given again and again. */
export async function give(url, token, fields) {
  const body = new URLSearchParams(fields);
  const answer = await reach(url, { method: "POST", body, headers: { "X-CSRFToken": token } });
  const said = await read(answer);
  if (answer.ok) return said;
  throw new Refused(said.error);
}
