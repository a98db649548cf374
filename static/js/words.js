// The sentences scripts say, translated by the server (accounts/scripts.py) and left in the page.
// A service worker has no page and so no words: there the keys stand for them.
const holder = globalThis.document?.getElementById("words");
const words = holder ? JSON.parse(holder.textContent) : {};

export function say(key, values = {}) {
  const sentence = words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

// For places with role="status": the same words again are said again.
export function sayIn(place, sentence) {
  place.textContent = place.textContent === sentence ? `${sentence}\u00a0` : sentence;
}
