// Records a voice with the device's microphone and gives a file that the server knows.
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
  /** `tick(seconds)` is called every second. */
  constructor(tick) {
    this.tick = tick;
    this.recorder = null;
  }

  get isRunning() {
    return this.recorder?.state === "recording";
  }

  async start() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [type, ending] = kindHere();
    this.began = new Date();
    this.ending = ending;
    this.pieces = [];
    this.recorder = new MediaRecorder(stream, { mimeType: type });
    this.recorder.addEventListener("dataavailable", ({ data }) => this.pieces.push(data));
    this.recorder.start(1000);
    this.#count();
    this.timer = setInterval(() => this.#count(), 1000);
  }

  #count() {
    this.tick(Math.round((Date.now() - this.began) / 1000));
  }

  stop() {
    clearInterval(this.timer);
    const { recorder } = this;
    return new Promise((resolve) => {
      recorder.addEventListener("stop", () => {
        recorder.stream.getTracks().forEach((track) => track.stop());
        const [type] = recorder.mimeType.split(";");
        resolve(new File(this.pieces, nameFor(this.began, this.ending), { type }));
      });
      recorder.stop();
    });
  }
}
