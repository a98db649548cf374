// What a person picks in a viewer, told to whoever listens as `signpost:select`: the plain form of
// an anchor, with null for whatever does not belong to its kind.
const EMPTY = {
  kind: null,
  file: null,
  sha256: "",
  quote: null,
  prefix: null,
  suffix: null,
  start: null,
  page: null,
  last_page: null,
  x: null,
  y: null,
  width: null,
  height: null,
  begins: null,
  ends: null,
};

export function select(root, fields) {
  const { file, sha256 } = root.dataset;
  const detail = { ...EMPTY, file: file ? Number(file) : null, sha256, ...fields };
  root.dispatchEvent(new CustomEvent("signpost:select", { bubbles: true, detail }));
}

export function isOf(root, anchor) {
  return String(anchor.file ?? "") === root.dataset.file && anchor.sha256 === root.dataset.sha256;
}

// The server counts characters, JavaScript counts halves of some of them.
export const toCharacters = (text, units) => [...text.slice(0, units)].length;

// -1 where the text is shorter, or the place lies before it.
export function toUnits(text, characters) {
  if (characters < 0) return -1;
  let units = 0;
  for (const character of text) {
    if (characters === 0) return units;
    characters -= 1;
    units += character.length;
  }
  return characters === 0 ? units : -1;
}

export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
export const scrolling = () => (calm() ? "instant" : "smooth");
