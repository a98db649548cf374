// A picture larger than its space is moved by the mouse; fingers and arrow keys scroll by themselves.
export function mover(stage, mayMove) {
  let from = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button || !mayMove()) return;
    if (stage.scrollWidth <= stage.clientWidth && stage.scrollHeight <= stage.clientHeight) return;
    from = { x: event.clientX + stage.scrollLeft, y: event.clientY + stage.scrollTop };
    stage.setPointerCapture(event.pointerId);
    stage.classList.add("is-moving");
  });
  stage.addEventListener("pointermove", (event) => {
    if (!from) return;
    stage.scrollTo({ left: from.x - event.clientX, top: from.y - event.clientY, behavior: "instant" });
  });
  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, () => {
      from = null;
      stage.classList.remove("is-moving");
    });
  }
}
