"""What makes the site a thing on a phone: its manifest, its service worker, and the one page
that needs no signal. They are the same for everybody, and say nothing of anybody."""

import hashlib
import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

PAPER = "#f7f6f2"
STYLES = (
    "vendor/bootstrap/css/bootstrap.min.css",
    "css/tokens.css css/app.css css/buttons.css css/parts.css css/layouts.css css/forms.css",
    "css/print.css css/outbox-bar.css css/outbox.css",
)
PICTURES = "img/favicon.svg img/marks.svg img/chevron.svg img/chevron-dark.svg"
FACES = "latin-400-normal latin-700-normal latin-400-italic"
FACE = "vendor/atkinson/files/atkinson-hyperlegible-{}.woff2"
# What pages load by a tag, and what those modules import by its plain name.
ENTRIES = (
    "js/menus.js js/focus.js js/confirm.js js/busy.js js/notices.js "
    "js/outbox/bar.js js/outbox/capture.js js/outbox/list.js django_htmx/htmx-2.min.js"
)
IMPORTED = (
    "js/words.js js/marking/store.js js/outbox/account.js js/outbox/locks.js js/outbox/recorder.js "
    "js/outbox/room.js js/outbox/send.js js/outbox/server.js js/outbox/store.js js/outbox/voice.js "
    "js/upload/fetching.js js/upload/item.js js/upload/meter.js js/upload/transfer.js "
    "vendor/tus/tus.min.js"
)


@login_not_required
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    return JsonResponse(
        {
            "id": "/",
            "name": "Signpost",
            "short_name": "Signpost",
            "description": _("Evidence that points to the place."),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [_icon(192), _icon(512), _icon(512, purpose="maskable")],
            "shortcuts": [{"name": _("Capture now"), "url": reverse("capture_anywhere")}],
        },
        content_type="application/manifest+json",
    )


def _icon(size: int, *, purpose: str = "any") -> dict[str, str]:
    name = "maskable" if purpose == "maskable" else "icon"
    return {
        "src": static(f"img/{name}-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


@login_not_required
@never_cache
@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """A list of what to keep, then the worker itself. Where a worker can send by itself it is
    a module; elsewhere it must be an ordinary script."""
    kept = precached()
    worker, sender = static("js/outbox/worker.js"), static("js/outbox/worker-sends.js")
    facts = {
        "version": hashlib.sha256(" ".join([*kept, worker, sender]).encode()).hexdigest()[:16],
        "shell": reverse("capture_anywhere"),
        "precache": kept,
    }
    if "sends" in request.GET:
        loads = f"import {json.dumps(worker)};\nimport {json.dumps(sender)};\n"
    else:
        loads = f"importScripts({json.dumps(worker)});\n"
    script = f"{loads}self.signpost = {json.dumps(facts)};\n"
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


def precached() -> list[str]:
    names = " ".join([*STYLES, PICTURES, ENTRIES]).split()
    names += [FACE.format(face) for face in FACES.split()]
    imported = IMPORTED.split()
    # The hashed name is not asked for; it stands here so that a change makes a new version.
    return [static(name) for name in names + imported] + [
        f"{settings.STATIC_URL}{name}" for name in imported
    ]


@login_not_required
@require_GET
def capture_anywhere(request: HttpRequest) -> HttpResponse:
    """The page that a phone keeps: it learns on the phone whose outbox it is."""
    return render(request, "portfolio/capture_anywhere.html")
