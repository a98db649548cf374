// How much room this device has for captures, and whether the browser may throw them away.
import { sizeInWords } from "../upload/meter.js";
import { say } from "../words.js";

const SHORT = 300 * 1000 * 1000; // about four minutes of film

async function space() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined ? Infinity : quota - usage;
}

/** Ask the browser to keep what is here; some say yes by themselves, some ask the person. */
export const askToKeep = () => navigator.storage?.persist?.().catch(() => false);

/** Plain sentences of what may go wrong; none when all is well. */
export async function warnings({ holdsSomething }) {
  const left = await space();
  const found = [];
  if (left < SHORT) found.push(say("deviceShort", { size: sizeInWords(left) }));
  const lasts = (await navigator.storage?.persisted?.()) ?? false;
  if (holdsSomething && !lasts) found.push(say("deviceMayForget"));
  return found;
}

export async function showWarnings(place, facts) {
  const sentences = await warnings(facts);
  const words = place.querySelector("p");
  place.hidden = !sentences.length;
  if (words.textContent !== sentences.join(" ")) words.textContent = sentences.join(" ");
}
