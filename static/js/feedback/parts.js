// Forms with [data-part] are sent while the page stays: what the server answers with is the whole
// page, and of that only the parts that changed are put in.
import { say, sayIn } from "../words.js";

const CHANGED = ["comments-list"];

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

export async function send(address, fields) {
  const body = fields instanceof FormData ? fields : new FormData();
  if (body !== fields) for (const [name, value] of Object.entries(fields)) body.append(name, value);
  try {
    const response = await fetch(address, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": token(), "X-Signpost-Part": "1" },
      credentials: "same-origin",
    });
    const text = await response.text();
    if (response.status === 422) return { refused: text };
    if (!response.ok) return { refused: wrong(text) };
    return { page: new DOMParser().parseFromString(text, "text/html") };
  } catch {
    return { refused: say("connection") };
  }
}

function wrong(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  return page.querySelector("main p, h1")?.textContent.trim() || say("trouble");
}

export function refresh(page, ids) {
  for (const id of ids) {
    const [now, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (now && fresh) now.replaceWith(document.adoptNode(fresh));
  }
  document.dispatchEvent(new CustomEvent("signpost:parts"));
}

function tell(submitter) {
  const place = document.querySelector("[data-sheet-said]");
  const isTakenOut = submitter?.getAttribute("formaction");
  if (place) sayIn(place, say(isTakenOut ? "feedbackCommentGone" : "feedbackCommentAdded"));
}

const sending = new WeakSet(); // these forms stay on the page: busy.js would hold them too long

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-part]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  if (sending.has(form)) return;
  sending.add(form);
  const address = event.submitter?.getAttribute("formaction") ?? form.action;
  const answer = await send(address, new FormData(form, event.submitter));
  sending.delete(form);
  let note = form.querySelector("[data-refused]");
  if (!note) {
    note = document.createElement("p");
    note.className = "invalid-feedback d-block";
    note.setAttribute("role", "alert");
    note.dataset.refused = "";
    form.prepend(note);
  }
  note.textContent = answer.refused ?? "";
  if (answer.refused) return note.scrollIntoView({ block: "nearest" });
  form.reset();
  refresh(answer.page, CHANGED);
  tell(event.submitter);
  const section = document.getElementById("comments");
  section?.scrollIntoView({ block: "nearest" });
  // What had the focus went with the old list.
  if (document.activeElement === document.body) section?.focus({ preventScroll: true });
});
