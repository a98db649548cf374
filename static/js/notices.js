// When a request made in the background fails, say so in words where people see and hear it.
import { say } from "./words.js";

const place = document.getElementById("live-notice");
// Once: what is asked for every two seconds fails every two seconds.
const tell = (sentence) => {
  if (place && place.textContent !== sentence) place.textContent = sentence;
};

document.addEventListener("htmx:sendError", () => tell(say("connection")));
document.addEventListener("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status;
  tell(say(status === 401 || status === 403 ? "signedOut" : "trouble"));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) tell("");
});
