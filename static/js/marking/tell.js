import { sayIn } from "../words.js";

// What somebody who does not see the page hears of a change that a key made.
const place = document.querySelector("[data-marking-said]");

export function tell(words) {
  if (place) sayIn(place, words);
}
