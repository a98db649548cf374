// How fast it goes and how long it will take, from the last few seconds; sizes and times in words.
import { say } from "../words.js";

const WINDOW = 6000;

export class Meter {
  constructor() {
    this.seen = [];
  }

  note(sent, now = performance.now()) {
    this.seen.push({ sent, now });
    while (this.seen.length > 2 && now - this.seen[0].now > WINDOW) this.seen.shift();
  }

  forget() {
    this.seen = [];
  }

  /** Bytes a second; nothing while it is too early to say. */
  get speed() {
    const first = this.seen[0];
    const last = this.seen.at(-1);
    if (!first || last.now - first.now < 500) return null;
    return (1000 * (last.sent - first.sent)) / (last.now - first.now);
  }
}

const number = (value, digits) =>
  value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });

// Counted as the server counts them: 1,024 bytes are a KB.
const KB = 1024;

export function sizeInWords(bytes) {
  if (bytes < KB ** 2) return say("kB", { size: number(Math.max(0.1, bytes / KB), 1) });
  if (bytes < KB ** 3) return say("MB", { size: number(bytes / KB ** 2, 1) });
  return say("GB", { size: number(bytes / KB ** 3, 1) });
}

export function timeLeft(seconds) {
  if (seconds < 60) return say("secondsLeft", { count: Math.max(1, Math.ceil(seconds)) });
  if (seconds < 3600) return say("minutesLeft", { count: Math.ceil(seconds / 60) });
  return say("hoursLeft", { count: number(seconds / 3600, 1) });
}

/** "34 % sent, 1.2 MB a second, 2 min left" */
export function progressInWords({ sent, size, speed }) {
  const percent = size ? Math.floor((100 * sent) / size) : 100;
  if (percent >= 100) return say("checking");
  if (!speed) return say("percent", { percent });
  const left = timeLeft((size - sent) / speed);
  return say("percentSpeed", { percent, speed: sizeInWords(speed), left });
}
