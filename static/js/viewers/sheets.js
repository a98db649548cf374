// A spreadsheet's sheets: one at a time. Without JavaScript they stand one below the other.
export function sheets(root) {
  const tabs = [...root.querySelectorAll("[data-tabs] a")];
  const all = [...root.querySelectorAll("[data-sheet]")];
  const open = (tab) => {
    for (const each of tabs) {
      if (each === tab) each.setAttribute("aria-current", "true");
      else each.removeAttribute("aria-current");
    }
    for (const sheet of all) sheet.hidden = `#${sheet.id}` !== tab.hash;
  };
  for (const tab of tabs) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      open(tab);
    });
  }
  return {
    ready() {
      if (tabs.length) open(tabs.find((tab) => tab.hash === location.hash) ?? tabs[0]);
    },
  };
}
