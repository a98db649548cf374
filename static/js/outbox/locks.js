// One page at a time: a lock is held until it is given back or the page is gone, however it went.

/** Gives a function that gives the lock back, or null when another page holds it. */
export function hold(name, { wait = 0 } = {}) {
  if (!navigator.locks) return Promise.resolve(() => {});
  const options = wait ? { signal: AbortSignal.timeout(wait) } : { ifAvailable: true };
  return new Promise((resolve) => {
    navigator.locks
      .request(name, options, (lock) => lock && new Promise((giveBack) => resolve(giveBack)))
      .then(() => resolve(null))
      .catch(() => resolve(null));
  });
}
