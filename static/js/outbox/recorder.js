// Records a voice with the device's microphone, in pieces that joined are a file the server knows.
const PIECE = 2000; // no more than this is lost when the browser is killed
const KINDS = [
  ["audio/webm;codecs=opus", "webm"],
  ["audio/mp4", "m4a"],
  ["audio/ogg;codecs=opus", "ogg"],
];

const kindHere = () =>
  globalThis.MediaRecorder && KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));

export const canRecord = () => Boolean(navigator.mediaDevices?.getUserMedia && kindHere());

const twoDigits = (number) => String(number).padStart(2, "0");

/** voice-20261122-1340.webm */
function nameFor(moment, ending) {
  const day = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()];
  const time = [moment.getHours(), moment.getMinutes(), moment.getSeconds()];
  return `voice-${day.map(twoDigits).join("")}-${time.map(twoDigits).join("")}.${ending}`;
}

export class Recorder {
  /** `tick(seconds)` each second, `piece(bytes)` each piece, `over()` once, however it ended. */
  constructor({ tick, piece, over }) {
    Object.assign(this, { tick, piece, over });
    this.recorder = null;
  }

  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [type, ending] = kindHere();
    this.began = new Date();
    this.name = nameFor(this.began, ending);
    [this.type] = type.split(";");
    this.recorder = new MediaRecorder(stream, { mimeType: type });
    this.#listen();
    this.recorder.start(PIECE);
    this.#count();
    this.timer = setInterval(() => this.#count(), 1000);
  }

  // A call comes in, the microphone is unplugged or forbidden: then nobody has pressed Stop.
  #listen() {
    const { recorder } = this;
    recorder.addEventListener("dataavailable", ({ data }) => data.size && this.piece(data));
    recorder.addEventListener("stop", () => this.#end());
    const isOff = () => recorder.state !== "inactive" && recorder.stop();
    recorder.addEventListener("error", isOff);
    for (const track of recorder.stream.getTracks()) track.addEventListener("ended", isOff);
  }

  #count() {
    this.tick(Math.round((Date.now() - this.began) / 1000));
  }

  #end() {
    if (this.isOver) return;
    this.isOver = true;
    clearInterval(this.timer);
    for (const track of this.recorder.stream.getTracks()) track.stop();
    this.over();
  }

  /** What was recorded so far, now: perhaps the page goes away. */
  flush() {
    if (this.recorder?.state === "recording") this.recorder.requestData();
  }

  /** The last piece comes yet; `over` is called after it. */
  stop() {
    if (this.recorder.state === "inactive") this.#end(); // it died without saying so
    else this.recorder.stop();
  }
}
