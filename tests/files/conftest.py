import uuid

import pytest
from django.urls import reverse

from tests.files.transfers.tus import Tus


def multipart(*files, fields=()):
    """A request's body as a client may send it, names and all, without anybody's tidying."""
    boundary = uuid.uuid4().hex.encode()
    parts = [
        b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), value.encode())
        for name, value in fields
    ]
    parts += [
        b'Content-Disposition: form-data; name="file"; filename="%s"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%s" % (name, data)
        for name, data in files
    ]
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return body + b"--" + boundary + b"--\r\n", f"multipart/form-data; boundary={boundary.decode()}"


@pytest.fixture
def send(client, cast):
    """Send files to the upload address as the learner."""
    client.force_login(cast.learner)

    def send(*files, **options):
        body, content_type = multipart(*files, fields=options.pop("fields", ()))
        url = reverse("files:upload", kwargs={"centre": cast.centre.slug})
        return client.post(url, options.pop("body", body), content_type=content_type, **options)

    return send


@pytest.fixture
def tus(client, cast):
    client.force_login(cast.learner)
    return Tus(client, cast.centre)


@pytest.fixture
def stored(settings):
    def stored():
        return sorted(path for path in settings.BLOB_DIR.rglob("*") if path.is_file())

    return stored
