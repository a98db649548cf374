// The bar that offers to take the last decision back counts its seconds down, then goes.
// The server keeps the time; this only spares people a press that comes too late.
const bar = document.querySelector("[data-undo-bar]");

if (bar) {
  const ends = Date.now() + Number(bar.dataset.undoBar) * 1000;
  const left = bar.querySelector("[data-undo-left]");
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((ends - Date.now()) / 1000));
    left.textContent = `${seconds} s`;
    if (seconds > 0) return;
    clearInterval(timer);
    // Not from under somebody who is on the button: they are told by the server.
    if (!bar.contains(document.activeElement)) bar.remove();
  };
  const timer = setInterval(tick, 1000);
  tick();
}
