// Moving by keyboard among the words of a page. Each lies by itself over the picture, so that a
// browser does not know which is the next; here they are counted as they read.
const START = { ArrowRight: 1, ArrowLeft: -1 };

const number = (word, name) => parseFloat(word.style[name]);
const isBelow = (word, other) =>
  number(word, "top") > number(other, "top") + number(other, "height") / 2;
const isBeside = (word, other) => !isBelow(word, other) && !isBelow(other, word);

// Before which word a point of the selection stands; after the last one it is their count.
function placeOf(words, node, offset) {
  const at = words.findIndex((word) => word.contains(node));
  return offset === 0 ? at : at + 1;
}

function inNextLine(words, at, isDown) {
  const here = words[Math.min(at, words.length - 1)];
  const beyond = isDown
    ? words.slice(at).filter((word) => isBelow(word, here))
    : words.slice(0, at).filter((word) => isBelow(here, word));
  const nearest = isDown ? beyond[0] : beyond.at(-1);
  if (!nearest) return at;
  const away = (word) => Math.abs(number(word, "left") - number(here, "left"));
  const line = beyond.filter((word) => isBeside(word, nearest));
  return words.indexOf(line.reduce((best, word) => (away(word) < away(best) ? word : best)));
}

function atEdge(words, at, isEnd) {
  const here = words[Math.min(at, words.length - 1)];
  const line = words.filter((word) => isBeside(word, here));
  return isEnd ? words.indexOf(line.at(-1)) + 1 : words.indexOf(line[0]);
}

function after(words, at, key) {
  if (key in START) return at + START[key];
  if (key === "ArrowDown" || key === "ArrowUp") return inNextLine(words, at, key === "ArrowDown");
  return atEdge(words, at, key === "End");
}

// Whether it could: a page may have words of which nobody knows where they stand.
export function moveOnPage(layer, key, isChoosing) {
  const words = [...layer.children];
  const selection = getSelection();
  const at = placeOf(words, selection.focusNode, selection.focusOffset);
  if (at < 0 || !words.length) return false;
  const to = Math.min(Math.max(0, after(words, at, key)), words.length - (isChoosing ? 0 : 1));
  const from = placeOf(words, selection.anchorNode, selection.anchorOffset);
  if (!isChoosing) selection.collapse(words[to].firstChild, 0);
  else if (to > from) selection.extend(words[to - 1].firstChild, lengthOf(words[to - 1]));
  else selection.extend(words[to].firstChild, 0);
  return true;
}

const lengthOf = (word) => word.textContent.trimEnd().length;
