"""A client that sends a file in parts by tus 1.0, and the file."""

import base64
import uuid

from django.urls import reverse

from files.transfers import parts
from tests.files import samples

DATA = samples.pdf() + bytes(3000) + b"startxref"
SIZE = len(DATA)
BYTES = "application/offset+octet-stream"


def base64_of(text):
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


class Tus:
    """A client that says exactly what it is told to; None leaves a header out."""

    def __init__(self, client, centre):
        self.client = client
        self.place = reverse("files:transfers", kwargs={"centre": centre.slug})

    def ask(self, method, url, body=b"", **headers):
        sent = {"Tus-Resumable": "1.0.0"}
        sent |= {name.replace("_", "-"): str(value) for name, value in headers.items()}
        for name in [name for name, value in headers.items() if value is None]:
            del sent[name.replace("_", "-")]
        return self.client.generic(method, url, body, headers=sent)

    def post(self, body=b"", name="plan.pdf", **headers):
        said = f"filename {base64_of(name)}"
        sent = {"Upload_Length": SIZE, "Upload_Metadata": said, **headers}
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

    def offset(self, url):
        return int(self.head(url).headers["Upload-Offset"])


def part_of(url):
    return parts.path_of(uuid.UUID(url.split("/")[-2]))
