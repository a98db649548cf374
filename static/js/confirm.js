// <form data-confirm="…"> or <button data-confirm="…">: asks in a dialog before it is sent.
// hx-confirm asks in the same dialog. Without JavaScript the form goes straight off.
import { say } from "./words.js";

function button(text, css, value) {
  const made = document.createElement("button");
  made.className = css;
  made.value = value;
  made.textContent = text;
  return made;
}

function ask(question) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const words = document.createElement("p");
  words.id = "ask-words";
  words.textContent = question;
  dialog.setAttribute("aria-labelledby", words.id);
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "button-row";
  const no = button(say("no"), "btn", "no");
  no.autofocus = true;
  form.append(button(say("yes"), "btn btn-primary", "yes"), no);
  dialog.append(words, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

const confirmed = new WeakSet();

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (!question || confirmed.delete(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    if (await ask(question)) {
      confirmed.add(form);
      form.requestSubmit(submitter);
      confirmed.delete(form);
    }
  },
  true,
);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});
