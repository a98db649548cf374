"""Uploads that survive: the public Python tus client, tuspy, against a real web server over a
line that breaks, with everything else that goes wrong in a tunnel, a lift and a server room."""

import hashlib
import io
import random
import threading
import time
from contextlib import suppress

import pytest
import requests
from django.db import connection
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed
from tusclient.uploader import Uploader

from files import store
from tests.deploy.waiting import eventually
from tests.files.live import Line, Server, headers_for

RUNS = 200
RESTARTS = 4
PATIENCE = 60
BROKEN = (TusCommunicationError, TusUploadFailed)
VERSION = {"Tus-Resumable": "1.0.0"}


class Liar(Uploader):
    """Sends checksums of other bytes."""

    CHECKSUM_ALGORITHM_PAIR = ("sha1", lambda chunk: hashlib.sha1(chunk + b"!"))


class Run:
    """One upload by one seed, with what goes wrong on its way."""

    def __init__(self, seed, site):
        self.random = random.Random(seed)
        self.site = site
        self.data = self.random.randbytes(self.random.randint(10_000, 150_000)).hex().encode()
        self.chunk = self.random.choice([20_000, 50_000, 100_000, 400_000])
        self.line = Line(site.server.port)
        self.client = TusClient(f"http://127.0.0.1:{self.line.port}{site.path}", site.learner)
        self.may_move = False  # whether the server may be at more than it has said
        self.uploader = self.make(Uploader, upload_checksum=self.random.random() < 0.3)

    def make(self, kind, **options):
        return kind(
            file_stream=io.BytesIO(self.data),
            client=self.client,
            chunk_size=self.chunk,
            metadata={"filename": "diary.txt"},
            **options,
        )

    def go(self):
        try:
            self.stubbornly(self.begin)
            for fault in self.random.choices(FAULTS, k=2):
                if self.uploader.offset < len(self.data):
                    fault(self)
            self.finish()
        finally:
            self.line.close()

    def finish(self):
        while self.uploader.offset < len(self.data):
            self.stubbornly(self.uploader.upload_chunk)
        self.check()

    def finish_at_once(self, failed):
        try:
            self.chunk = len(self.data)  # others' bytes come as well
            self.finish()
        except BaseException as error:  # noqa: BLE001 (shown by the main thread)
            failed.append(error)
        finally:
            connection.close()  # this thread's own

    def begin(self):
        self.uploader.set_url(self.uploader.create_url())

    def stubbornly(self, act):
        """As often as it takes: what came is asked for again after each failure."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except BROKEN:
                assert time.monotonic() < end, "it never went on"
                time.sleep(0.02)  # every client waits a little before it tries again
                with suppress(*BROKEN):
                    self.look_again()

    def look_again(self):
        """Where it stands; at most the chunk under way has to be sent again."""
        if self.uploader.url:
            before = self.uploader.offset
            self.uploader.offset = self.uploader.get_offset()
            assert before <= self.uploader.offset <= min(before + self.chunk, len(self.data))

    def has_moved(self, at):
        return self.uploader.get_offset() > at

    def check(self):
        answer = self.raw("HEAD")
        sha256 = hashlib.sha256(self.data).hexdigest()
        found = self.site.kept(answer.headers["Signpost-Upload"])
        assert found == [(sha256, len(self.data), "diary.txt")]
        place = self.site.server.folder / "blobs" / store.key_of(sha256)
        assert place.read_bytes() == self.data

    def raw(self, method, body=b"", **headers):
        sent = {**self.site.learner, **VERSION, "Content-Type": "application/offset+octet-stream"}
        return requests.request(
            method, self.uploader.url, data=body, headers=sent | headers, timeout=30
        )

    # What goes wrong. (After most of it the server may still be taking in what came before; so
    # where the upload stands is asked again, and whether its bytes are right, at the end.)

    def cut(self):
        """An orderly end keeps every byte that came, unless they were to be checked first."""
        before = self.uploader.offset
        if not self.breaks():
            return
        if self.uploader.upload_checksum or self.may_move:
            self.may_move = True
            return
        kept = before + self.line.delivered
        assert eventually(lambda: self.uploader.get_offset() == kept), "bytes were lost"
        self.uploader.offset = kept

    def reset(self):
        self.may_move = True
        self.breaks(rough=True)

    def kill(self):
        # What waited for the killed worker is taken up by the next one.
        self.may_move = True
        self.breaks(also=self.site.server.kill_workers)

    def breaks(self, **how):
        """Send a chunk over a line that is cut somewhere in it; whether it was."""
        head = 600  # the request's own headers take about so much
        chunk = min(self.chunk, len(self.data) - self.uploader.offset)
        self.line.cut(after=self.random.randint(0, head + chunk), **how)
        try:
            self.uploader.upload_chunk()
        except BROKEN:
            self.stubbornly(self.look_again)
            return True
        finally:
            self.line.cut_after = -1
        return False

    def wrong_checksum(self):
        at = self.uploader.offset
        liar = self.make(Liar, upload_checksum=True)
        liar.url, liar.offset = self.uploader.url, at
        with pytest.raises(TusUploadFailed) as failed:
            liar.upload_chunk()
        assert failed.value.status_code == 460 or (self.may_move and self.has_moved(at))
        self.look_again()

    def wrong_offset(self):
        at = self.uploader.offset
        wrong = {0, 1, abs(at - 1), at + 1, len(self.data) - 1} - {at}
        self.uploader.offset = self.random.choice(sorted(wrong))
        with pytest.raises(TusUploadFailed) as failed:
            self.uploader.upload_chunk()
        assert failed.value.status_code == 409
        self.uploader.offset = at
        self.look_again()

    def too_much(self):
        at = self.uploader.offset
        body = self.data[at:] + b"more"
        answer = self.raw("PATCH", body, **{"Upload-Offset": str(at)})
        moved_on = answer.status_code == 409 and self.may_move and self.has_moved(at)
        assert answer.status_code == 413 or moved_on
        self.look_again()

    def too_large(self):
        answer = requests.post(
            self.client.url,
            headers={**self.site.learner, **VERSION, "Upload-Length": str(2**21)}
            | {"Upload-Metadata": "filename ZmlsbS5tcDQ="},
            timeout=30,
        )
        assert answer.status_code == 413
        assert "too large" in answer.text

    def by_somebody_else(self):
        for method in ("HEAD", "PATCH", "DELETE"):
            answer = self.raw(method, b"x", **self.site.other, **{"Upload-Offset": "0"})
            assert answer.status_code == 404


FAULTS = [Run.cut, Run.cut, Run.reset, Run.reset, Run.kill]
FAULTS += [Run.wrong_checksum, Run.wrong_offset, Run.too_much, Run.too_large]
FAULTS += [Run.by_somebody_else]


class Site:
    def __init__(self, cast, folder):
        self.learner, self.other = headers_for(cast.learner), headers_for(cast.second_learner)
        self.path = f"/c/{cast.centre.slug}/uploads/tus/"
        self.server = Server(folder)

    def kept(self, upload):
        return self.server.rows(
            "SELECT sha256, size, name FROM files_upload JOIN files_blob"
            f" ON files_blob.id = files_upload.blob_id WHERE files_upload.id = {int(upload)}"
        )

    def nothing_is_left_over(self):
        unfinished = "SELECT count(*) FROM files_transfer WHERE finished_at IS NULL"
        parts = list((self.server.folder / "blobs" / "parts").iterdir())
        return parts == [] and self.server.rows(unfinished) == [(0,)]


@pytest.fixture
def site(transactional_db, cast, tmp_path):
    return Site(cast, tmp_path)


def test_two_hundred_uploads_with_everything_that_goes_wrong(site):
    with site.server.up():
        for seed in range(RUNS):
            print("seed", seed)  # shown only with a failure
            Run(seed, site).go()
    assert site.nothing_is_left_over()


def test_the_server_is_killed_in_mid_chunk_and_started_again(site):
    runs = [Run(seed, site) for seed in range(RUNS, RUNS + RESTARTS)]
    for run in runs:
        with site.server.up():
            run.stubbornly(run.begin)
            run.line.cut(after=run.random.randint(5000, 15_000), also=site.server.kill)
            with pytest.raises(BROKEN):
                run.uploader.upload_chunk()
    with site.server.up():
        for run in runs:
            run.stubbornly(run.look_again)
            run.finish()
    assert site.nothing_is_left_over()


def test_two_tabs_and_a_phone_send_the_same_file_at_once(site):
    """To one address; whoever is told that it moved on asks where it stands."""
    with site.server.up():
        first = Run(RUNS, site)
        first.begin()
        runs = [first, Run(RUNS, site), Run(RUNS, site)]
        for run in runs:
            run.uploader.url, run.uploader.chunk_size = first.uploader.url, 7000
        failed = []
        threads = [threading.Thread(target=run.finish_at_once, args=(failed,)) for run in runs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert failed == []
        first.check()
    assert site.server.rows("SELECT count(*) FROM files_upload") == [(1,)]
    assert site.nothing_is_left_over()
