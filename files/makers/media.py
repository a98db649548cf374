"""Film and sound: what they are, a poster, the loudness over time, and whether browsers play them.

The form is named by the type that was found when the file came, never guessed here, so that
nothing that calls itself a film can make the reader open a list of other files.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image

from files.makers import playable, scaled
from files.makers.out import JSON, Job, NoPreview, as_json
from files.makers.waves import peaks

FORMS = {
    "video/mp4": "mov",
    "audio/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "video/3gpp2": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/ogg": "ogg",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/aac": "aac",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/amr": "amr",
}
POSTER = 1280
LATEST_POSTER = 3.0  # seconds from the start: later ones take longer to find
HOUR = 3600.0
MOST_FRAMES_TO_POSTER = 600


def make(job: Job) -> None:
    with opened(job.source, job.media_type) as source:
        kind = "film" if film_of(source) else "sound"
        seconds = _seconds(source)
        if seconds > job.limits.longest_hours * HOUR:
            raise NoPreview("too_long", hours=job.limits.longest_hours)
        job.say(kind=kind)
        job.facts(duration=round(seconds, 3), **(_film_facts(source) if kind == "film" else {}))
        if kind == "film":
            _make_poster(job, source, seconds)
    found = _make_waveform(job, seconds)
    if kind == "sound" and found:
        # A recording without an index only guesses its length; now it was listened to.
        seconds = found
        job.facts(duration=round(seconds, 3))
    job.so_far()
    playable.decide(job, kind=kind, seconds=seconds)


def copy(job: Job) -> None:
    """The copy that browsers play, where `make` told that one is needed."""
    playable.make(job, kind=job.asked["kind"], seconds=job.asked["seconds"])


def frame(job: Job) -> None:
    """The picture at a moment, for print."""
    with opened(job.source, job.media_type) as source:
        if not film_of(source):
            raise NoPreview("no_film")
        image = upright(_frame_at(source, job.asked["seconds"]))
    longest = job.asked.get("longest", POSTER)
    job.part("frame", data=scaled.jpeg(image, longest=longest), media_type=scaled.MEDIA_TYPE)


@contextmanager
def opened(path: Path, media_type: str) -> Iterator[InputContainer]:
    """The recording; what FFmpeg says against it ends in "damaged"."""
    if media_type not in FORMS:
        raise NoPreview("damaged_recording")
    try:
        with av.open(
            str(path), format=FORMS[media_type], options={"protocol_whitelist": "file"}
        ) as source:
            for stream in source.streams:
                if stream.codec_context:
                    stream.codec_context.thread_count = 2
            yield source
    except MemoryError:
        raise
    except (av.FFmpegError, ValueError, EOFError) as error:
        raise NoPreview("damaged_recording") from error


def film_of(source: InputContainer) -> av.VideoStream | None:
    """The film itself, not the cover of a record."""
    for stream in source.streams.video:
        cover = stream.disposition & av.stream.Disposition.attached_pic
        if not cover and stream.codec_context and stream.codec_context.width:
            return stream
    return None


def _seconds(source: InputContainer) -> float:
    if source.duration:
        return source.duration / av.time_base
    lengths = [float(s.duration * s.time_base) for s in source.streams if s.duration]
    return max(lengths, default=0.0)


def _film_facts(source: InputContainer) -> dict[str, object]:
    stream = film_of(source)
    rate = stream.average_rate or stream.guessed_rate
    return {"fps": round(float(rate), 3) if rate else None}


def _make_poster(job: Job, source: InputContainer, seconds: float) -> None:
    image = upright(_frame_at(source, min(seconds / 10, LATEST_POSTER)))
    job.facts(width=image.width, height=image.height)
    poster = image.copy()
    poster.thumbnail((POSTER, POSTER))
    size = {"width": poster.width, "height": poster.height}
    job.part("poster", data=scaled.jpeg(poster), media_type=scaled.MEDIA_TYPE, **size)
    small, (width, height) = scaled.thumbnail(poster)
    job.part("thumbnail", data=small, media_type=scaled.MEDIA_TYPE, width=width, height=height)
    job.so_far()


def _frame_at(source: InputContainer, seconds: float) -> VideoFrame:
    """The frame that is on the screen at this moment."""
    stream = film_of(source)
    start = float((stream.start_time or 0) * stream.time_base)
    if seconds > 0:
        source.seek(round((seconds + start) / stream.time_base), stream=stream)
    shown = None
    for number, frame in enumerate(source.decode(stream)):
        if shown and frame.time is not None and frame.time > seconds + start:
            break
        shown = frame
        if number >= MOST_FRAMES_TO_POSTER or frame.time is None:
            break
    if shown is None:
        raise NoPreview("damaged_recording")
    return shown


def upright(frame: VideoFrame) -> Image.Image:
    """As it is seen: a phone held upright says so and films on its side all the same."""
    image = frame.to_image()
    return image.rotate(frame.rotation, expand=True) if frame.rotation % 360 else image


def _make_waveform(job: Job, seconds: float) -> float:
    """Tells the loudness, and gives the seconds of sound that there were."""
    most = job.limits.longest_hours * HOUR
    with opened(job.source, job.media_type) as source:
        if not source.streams.audio:
            return 0.0
        found = peaks(source, most_seconds=most, tell=_share(job, seconds))
    if found.peaks:
        job.part("waveform", data=as_json(found.peaks), media_type=JSON)
    return found.seconds


def _share(job: Job, seconds: float) -> Callable[[float], None]:
    def tell(done: float) -> None:
        if seconds:
            job.progress(0.1 * done / seconds)

    return tell
