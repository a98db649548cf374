// [data-bank]: puts a phrase of the bank where one was typing, its placeholders filled in. Without
// it, the same form adds the words at the end.
import { say } from "../words.js";

const form = document.querySelector("[data-bank]");

export function filled(words, values) {
  return words.replace(/\{(\w*)\}/g, (whole, name) => values[name] ?? whole);
}

function boxOf(into) {
  return document.getElementById(into ? `claim-${into}-feedback` : "id_feedback");
}

function claimBox() {
  return boxOf(form.elements.into.value);
}

// On a phone the box may be in another tab, which an address with its name opens.
function reveal(box, hash) {
  if (!box.closest(".is-away")) return;
  addEventListener("hashchange", () => box.focus(), { once: true });
  history.replaceState(null, "", location.pathname + location.search);
  location.hash = hash;
}

// Whoever comes by key from the middle of a long page finds it at the lower edge of what they see.
function lift(section) {
  let byKey = false;
  let back = () => {};
  const column = section.closest(".marking-right");
  addEventListener(
    "keydown",
    () => {
      const [page, inColumn] = [scrollY, column?.scrollTop];
      byKey = true;
      back = () => {
        scrollTo({ top: page, behavior: "instant" });
        column?.scrollTo({ top: inColumn, behavior: "instant" });
      };
    },
    true,
  );
  addEventListener("pointerdown", () => (byKey = false), true);
  section.addEventListener("focusin", ({ relatedTarget }) => {
    if (!byKey || section.contains(relatedTarget)) return;
    section.classList.add("is-lifted");
    requestAnimationFrame(back); // focus has brought the page to where the bank lay
  });
  section.addEventListener("focusout", ({ relatedTarget }) => {
    if (!section.contains(relatedTarget)) section.classList.remove("is-lifted");
  });
}

if (form) {
  const { phrase, into } = form.elements;
  const shown = document.querySelector("[data-bank-shown]");
  const said = document.querySelector("[data-bank-said]");
  const words = () => {
    const { words: text } = phrase.selectedOptions[0].dataset;
    return filled(text, JSON.parse(into.selectedOptions[0].dataset.values));
  };
  const show = () => (shown.textContent = words());

  // Whoever writes about a claim, and then opens the bank, means this claim.
  document.addEventListener("focusin", ({ target }) => {
    const claim = target.closest?.("article.claim[id^=claim-], #decision");
    if (!claim) return;
    into.value = claim.id === "decision" ? "" : claim.id.slice("claim-".length);
    show();
  });

  form.addEventListener("change", show);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && claimBox()) claimBox().focus();
    if (event.key !== "Enter" || event.target.localName !== "select") return;
    event.preventDefault();
    form.requestSubmit();
  });
  lift(form.closest("section"));
  form.addEventListener("submit", (event) => {
    const box = claimBox();
    if (!box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    reveal(box, into.value ? `#claim-${into.value}` : "#decision");
    const before = box.value.slice(0, box.selectionStart ?? box.value.length);
    const gap = before && !/\s$/.test(before) ? "\n" : "";
    box.focus();
    box.setRangeText(gap + words(), box.selectionStart, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    said.textContent = say("bankInserted");
  });
  show();
}
