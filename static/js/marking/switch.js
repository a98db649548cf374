// Whether this person wants the keys; a browser remembers it.
const OFF = "signpost-keys-off";

export const areWanted = () => localStorage.getItem(OFF) === null;

export function want(isWanted) {
  if (isWanted) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
}
