// What somebody who does not see the page hears of a change that a key made.
const place = document.querySelector("[data-marking-said]");

export function tell(words) {
  if (!place) return;
  // The same words again are said again.
  place.textContent = place.textContent === words ? `${words}\u00a0` : words;
}
