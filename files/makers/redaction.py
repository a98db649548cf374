"""Runs `files.redaction` on one file. Not a preview, but made within the same limits."""

import pypdfium2 as pdfium

from files.makers import media
from files.makers.out import Job, NoPreview
from files.redaction import pages, pictures, recordings

PDF = "application/pdf"


def picture(job: Job) -> None:
    try:
        data, media_type = pictures.hide(job.source, job.asked["marks"])
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NoPreview("damaged") from error
    job.part("copy", data=data, media_type=media_type)


def document(job: Job) -> None:
    place = job.place("copy.pdf")
    try:
        pages.hide(job.source, job.asked["marks"], place, job.progress)
    except pages.TooManyPages as error:
        raise NoPreview("too_many_pages", pages=pages.MOST_PAGES) from error
    except pages.NoSuchPage as error:
        raise NoPreview("no_such_page") from error
    except pdfium.PdfiumError as error:
        raise NoPreview("damaged") from error
    job.made("copy", place=place, media_type=PDF)


def recording(job: Job) -> None:
    ranges = [(mark["begins"], mark["ends"]) for mark in job.asked["marks"]]
    place = job.place("copy.mp4")
    with media.opened(job.source, job.media_type) as source:
        film = media.film_of(source)
        _check_length(job, source.duration)
        try:
            recordings.hide(source, film, ranges, place, job.progress)
        except recordings.NothingInIt as error:
            raise NoPreview("damaged") from error
    job.made("copy", place=place, media_type="video/mp4" if film else "audio/mp4")


def _check_length(job: Job, duration: int | None) -> None:
    hours = job.limits.copy_minutes / 60
    if duration and duration / media.av.time_base > job.limits.copy_minutes * 60 * 2:
        raise NoPreview("too_long", hours=round(hours * 2))
