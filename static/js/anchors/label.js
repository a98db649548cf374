// A place in a few words, as portfolio/anchors/labels.py has it, until the server's answer is here.
import { clock } from "../viewers/clock.js";
import { say } from "../words.js";

const QUOTED = 60;

function shortened(quote) {
  const words = quote.trim().split(/\s+/).join(" ");
  return words.length <= QUOTED ? words : `${words.slice(0, QUOTED).trimEnd()}…`;
}

const WORDS = {
  passage: ({ quote, page }) => {
    const words = say("placeQuote", { words: shortened(quote) });
    return page ? say("placeQuoteOnPage", { page, words }) : words;
  },
  region: ({ page }) => (page ? say("placePartOfPage", { page }) : say("placePart")),
  moment: ({ begins, ends }) => say("placeMoment", { begins: clock(begins), ends: clock(ends) }),
  pages: ({ page, last_page: last }) =>
    last && last !== page ? say("placePages", { first: page, last }) : say("placePage", { page }),
  whole: () => say("placeWhole"),
};

function nameOf({ file }) {
  if (!file) return "";
  return document.querySelector(`#file-${file}-name > span`)?.textContent.trim() ?? "";
}

export function labelOf(place) {
  const name = nameOf(place);
  const words = WORDS[place.kind](place);
  return name ? say("placeNamed", { name, place: words }) : words;
}
