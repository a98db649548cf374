"""A time-stamping service that answers, and yet gives no stamp."""

import pytest
from asn1crypto import core, tsp

from reports.signing import SigningFailed
from tests.reports.signing.conftest import sign, write_p12


@pytest.mark.parametrize(
    "answer",
    [
        "300b 3009 020102 3004 0c026e6f",  # rejection, "no", without a token
        "3005 3003 020102",
        "3005 3003 020100",  # granted, and nothing with it
        "3009 3003 020100 3002 0500",
        "",
        b"<html>No</html>".hex(),
    ],
    ids=["refused", "without a word", "nothing granted", "no token", "empty", "garbage"],
)
def test_a_service_that_gives_no_stamp(plain, tmp_path, folder, made, stamper, answer):
    write_p12(folder, made)
    stamper.answer = lambda _question: bytes.fromhex(answer)
    with pytest.raises(SigningFailed, match="service gave no time stamp"):
        sign(plain, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()


def test_an_answer_to_another_question(plain, tmp_path, folder, made, stamper):
    def with_another_nonce(question: tsp.TimeStampReq) -> bytes:
        question["nonce"] = core.Integer(5)
        return stamper.dummy.request_tsa_response(question).dump()

    write_p12(folder, made)
    stamper.answer = with_another_nonce
    with pytest.raises(SigningFailed, match="service gave no time stamp"):
        sign(plain, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()
