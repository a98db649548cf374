// Somebody followed a notice's link to its place: the notice is read now, and the address loses
// what only served to say so. Without scripts it stays new until it is opened from the list.
const here = new URL(location.href);
const notice = here.searchParams.get("notice");
const bell = document.querySelector("a.bell");

if (bell && /^\d+$/.test(notice ?? "")) {
  here.searchParams.delete("notice");
  history.replaceState(history.state, "", here);
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  // The answer leads to where we are already.
  fetch(`${bell.pathname}${notice}/open/`, {
    method: "POST",
    headers: { "X-CSRFToken": token },
    redirect: "manual",
    keepalive: true,
  }).then(countOneLess, () => {});
}

function countOneLess(answer) {
  const place = bell.querySelector(".bell-count");
  if (answer.type !== "opaqueredirect" || !place) return;
  const [count] = place.childNodes;
  const left = Number.parseInt(count.textContent, 10) - 1;
  if (left > 0 && !count.textContent.includes("+")) count.textContent = `${left} `;
  else if (left <= 0) place.remove();
}
