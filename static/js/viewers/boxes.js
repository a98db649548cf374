// Boxes over a page and their labels, in fractions of the page.
const SVG = "http://www.w3.org/2000/svg";
const SAME_LINE = 0.5;
const HIGH = 18;
const NEAR_TOP = 0.03;

function draw(parent, name, attributes, inside = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.textContent = inside;
  parent.append(element);
  return element;
}

export function drawBox(page, box, { kind = "viewer-box", id = null } = {}) {
  const { x, y, width, height } = box;
  const rect = draw(page.querySelector("[data-marks]"), "rect", {
    class: kind,
    "vector-effect": "non-scaling-stroke",
    x,
    y,
    width,
    height,
  });
  if (id) rect.id = `mark-${id}`;
  return rect;
}

// On a box like a tab, inside where there is no room above; in the margin beside a passage, so
// that it hides no words.
export function drawLabel(page, box, code, { inMargin = false } = {}) {
  const [x, y] = [inMargin ? "0%" : `${box.x * 100}%`, `${box.y * 100}%`];
  const label = draw(page.querySelector("[data-labels]"), "svg", { class: "viewer-label", x, y });
  const top = inMargin || box.y < NEAR_TOP ? 0 : -HIGH;
  draw(label, "rect", { y: top, width: 9 * code.length + 12, height: HIGH });
  draw(label, "text", { x: 6, y: top, dy: 14 }, code);
}

export function wipe(page) {
  page.querySelector("[data-marks]").replaceChildren();
  page.querySelector("[data-labels]").replaceChildren();
}

// Words side by side become one stroke of the highlighter.
export function lines(words) {
  const found = [];
  for (const [, , x, y, width, height] of words) {
    const line = found.at(-1);
    const shared = line ? Math.min(line.y + line.height, y + height) - Math.max(line.y, y) : 0;
    if (line && x >= line.x && shared > SAME_LINE * Math.min(line.height, height)) {
      const lower = Math.max(line.y + line.height, y + height);
      line.width = Math.max(line.x + line.width, x + width) - line.x;
      line.y = Math.min(line.y, y);
      line.height = lower - line.y;
    } else found.push({ x, y, width, height });
  }
  return found;
}
