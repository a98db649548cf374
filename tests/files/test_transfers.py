"""Sending a file in parts by tus 1.0, as the protocol's text says."""

import base64
import hashlib
import io
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from files import store
from files.models import Brought, Transfer, Upload
from files.transfers import actions, parts
from tests.files import samples

DATA = samples.pdf() + bytes(3000) + b"startxref"
BYTES = "application/offset+octet-stream"


class Tus:
    """A client that says exactly what it is told to."""

    def __init__(self, client, centre):
        self.client, self.centre = client, centre

    def ask(self, method, url, body=b"", **headers):
        sent = {"Tus-Resumable": "1.0.0"} | {
            name.replace("_", "-"): str(value) for name, value in headers.items()
        }
        sent = {name: value for name, value in sent.items() if value != "None"}
        content_type = sent.pop("Content-Type", "application/octet-stream")
        return self.client.generic(method, url, body, content_type=content_type, headers=sent)

    @property
    def place(self):
        return reverse("files:transfers", kwargs={"centre": self.centre.slug})

    def post(self, body=b"", name="plan.pdf", length=len(DATA), **headers):
        said = f"filename {base64.b64encode(name.encode()).decode()}"
        sent = {"Upload_Length": length, "Upload_Metadata": said, **headers}
        return self.ask("POST", self.place, body, **sent)

    def begin(self, **how):
        answer = self.post(**how)
        assert answer.status_code == 201, answer.content
        return answer.headers["Location"]

    def patch(self, url, body, at, **headers):
        sent = {"Upload_Offset": at, "Content_Type": BYTES, **headers}
        return self.ask("PATCH", url, body, **sent)

    def head(self, url, **headers):
        return self.ask("HEAD", url, **headers)


@pytest.fixture
def tus(client, cast):
    client.force_login(cast.learner)
    return Tus(client, cast.centre)


def test_a_file_in_three_parts(tus, cast, stored):
    url = tus.begin()
    for at, to in ((0, 100), (100, 101), (101, len(DATA))):
        assert int(tus.head(url).headers["Upload-Offset"]) == at
        answer = tus.patch(url, DATA[at:to], at)
        assert answer.status_code == 204
        assert int(answer.headers["Upload-Offset"]) == to
    upload = Upload.objects.get(pk=answer.headers["Signpost-Upload"])
    assert (upload.owner, upload.centre, upload.name) == (cast.learner, cast.centre, "plan.pdf")
    assert store.open_blob(upload.blob).read() == DATA
    assert stored() == [store.place_of(hashlib.sha256(DATA).hexdigest())]
