// <details data-close-outside>: a menu closes on Escape and when the person turns elsewhere.
const menus = () => document.querySelectorAll("details[data-close-outside][open]");

function closeUnless(target) {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
}

document.addEventListener("click", (event) => closeUnless(event.target));
document.addEventListener("focusin", (event) => closeUnless(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});
