// .viewer-words[data-words-url]: the words of a page, laid unseen over its picture so that they can
// be selected, found and read out. The layer's textContent is the page's text.
const fetched = new WeakMap();
const pen = document.createElement("canvas").getContext("2d");

export function wordsOf(page) {
  const layer = page.querySelector("[data-words-url]");
  if (!layer) return Promise.resolve(null);
  if (!fetched.has(layer)) fetched.set(layer, load(layer));
  return fetched.get(layer);
}

async function load(layer) {
  const answer = await fetch(layer.dataset.wordsUrl);
  if (!answer.ok) return null;
  const made = await answer.json();
  lay(layer, made);
  return made;
}

// A word's span takes along what stands before the next one, so that no character is lost.
function lay(layer, { text, words }) {
  pen.font = `100px ${getComputedStyle(layer).fontFamily}`;
  const image = layer.parentElement.querySelector("img");
  const shape = image.naturalWidth
    ? image.naturalWidth / image.naturalHeight
    : Number(image.getAttribute("width")) / Number(image.getAttribute("height"));
  const characters = [...text];
  const cut = (from, to) => characters.slice(from, to).join("");
  layer.textContent = words.length ? cut(0, words[0][0]) : text;
  words.forEach(([start, end, x, y, width, height], at) => {
    const span = document.createElement("span");
    span.textContent = cut(start, words[at + 1]?.[0] ?? characters.length);
    const natural = pen.measureText(cut(start, end)).width / 100;
    span.style.left = `${x * 100}%`;
    span.style.top = `${y * 100}%`;
    span.style.fontSize = `${height * 100}cqh`;
    span.style.height = `${height * 100}%`;
    if (natural) span.style.transform = `scaleX(${(width * shape) / (natural * height)})`;
    layer.append(span);
  });
}

// The words that a quote covers; characters count as the server counts them.
export function wordsWithin({ words }, start, end) {
  return words.filter(([first, last]) => first < end && last > start);
}

// Copying gives the text as it reads, not as its pieces lie about.
document.addEventListener("copy", (event) => {
  const chosen = getSelection();
  const holder = chosen.rangeCount && chosen.getRangeAt(0).commonAncestorContainer;
  const layer = (holder?.closest ? holder : holder?.parentElement)?.closest(".viewer-words");
  if (!layer) return;
  event.clipboardData.setData("text/plain", chosen.getRangeAt(0).toString());
  event.preventDefault();
});

