// [data-anchor] is a link to a place: one click goes there, in the viewer on this page. Where there
// is none, or nothing to see in it yet, the link itself leads to it; where the viewer shows only the
// beginning, to the page that shows more. An address that ends in
// #mark-12 goes to the place with that number when the page opens.
import { viewerOf } from "../viewers/viewer.js";
import { say, sayIn } from "../words.js";
import { offerBack } from "./back.js";

export const placeOf = (link) => JSON.parse(link.dataset.anchor);

export function viewerFor(place) {
  const file = CSS.escape(String(place.file ?? ""));
  const section = document.querySelector(`[data-viewer][data-file="${file}"]`);
  const canShow = section && (section.dataset.state ?? "ready") === "ready";
  return canShow && section.dataset.sha256 === place.sha256 ? viewerOf(section) : null;
}

// Whether it could: not where nothing of the place is on this page.
export function goTo(place) {
  const viewer = viewerFor(place);
  if (!viewer?.goTo(place)) return false;
  hush(viewer.root);
  return true;
}

// Who goes to a photo no longer listens to the film.
function hush(shown) {
  for (const media of document.querySelectorAll("[data-media]")) {
    if (!shown.contains(media)) media.pause();
  }
}

function follow(event) {
  const link = event.target.closest?.("[data-anchor]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const place = placeOf(link);
  if (goTo(place)) {
    event.preventDefault();
    offerBack(link);
  } else if (viewerFor(place)) {
    event.preventDefault();
    goFurther(link, place);
  }
}

// The place lies beyond what its viewer shows here: a page of its own may show it.
function goFurther(link, place) {
  const { whole } = viewerFor(place).root.dataset;
  if (whole) location.assign(place.id ? `${whole}#mark-${place.id}` : whole);
  else sayBeside(link);
}

function sayBeside(link) {
  const has = link.nextElementSibling?.matches(".anchor-beyond");
  const said = has ? link.nextElementSibling : document.createElement("span");
  said.className = "anchor-beyond";
  said.setAttribute("role", "status");
  if (!has) link.after(said);
  sayIn(said, say("placeBeyond"));
}

function open() {
  const number = /^#mark-(\d+)$/.exec(location.hash)?.[1];
  if (!number) return;
  const links = [...document.querySelectorAll("[data-anchor]")];
  const link = links.find((each) => String(placeOf(each).id) === number);
  if (link) goTo(placeOf(link));
}

document.addEventListener("click", follow);
addEventListener("hashchange", open);
open();
