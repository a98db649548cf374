// [data-cells] holds the table of one sheet. Its text is what passages are quoted from: the cells
// with tabs between them, the rows with line ends between (files/makers/tables.py). data-at says how
// many characters of the whole table's text stand before it. Of a row, data-own counts the cells that
// are its own, and data-rest is its text beyond those that are shown.
const known = new WeakMap();

function read(holder) {
  const cells = [];
  let text = "";
  holder.querySelectorAll("tbody tr").forEach((row, number) => {
    if (number) text += "\n";
    const own = [...row.querySelectorAll("td")].slice(0, row.dataset.own ?? Infinity);
    own.forEach((cell, at) => {
      if (at) text += "\t";
      cells.push({ cell, from: text.length, to: (text += cell.textContent).length });
    });
    if ("rest" in row.dataset) text += `\t${row.dataset.rest}`;
  });
  return { cells, text };
}

export const isTable = (holder) => holder.matches("[data-cells]");

// What is marked in the cells does not change their text, so that they are read once.
export function cellsOf(holder) {
  if (!known.has(holder)) known.set(holder, read(holder));
  return known.get(holder);
}

// How much of the text stands before a point of the page, in JavaScript's units.
export function before(holder, node, offset) {
  const { cells, text } = cellsOf(holder);
  const range = document.createRange();
  for (const { cell, from } of cells) {
    range.selectNodeContents(cell);
    const side = range.comparePoint(node, offset);
    if (side < 0) return from;
    if (side > 0) continue;
    range.setEnd(node, offset);
    return from + range.toString().length;
  }
  return text.length;
}
