"""Signing: with which key, in what form, and never not at all in silence."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.reader import PdfFileReader

from files.makers import signed
from reports import signing
from reports.signing import SigningFailed, keys, self_signed
from tests.factories import make_centre
from tests.reports.signing.conftest import (
    CENTRE,
    holds,
    refusal,
    sign,
    token,
    write_p12,
    write_pair,
)


def test_a_centre_without_a_certificate_gets_the_file_as_it_is(plain: Path, tmp_path: Path):
    target, certificate = sign(plain, tmp_path)
    assert certificate == ""
    assert signing.signer_of(CENTRE) == ""
    assert target.read_bytes() == plain.read_bytes()


def test_signed_over_the_whole_file_by_the_centre(plain, tmp_path, folder, made):
    write_p12(folder, made)
    target, certificate = sign(plain, tmp_path)
    told = signed.signature_of(target, moment=datetime.now(UTC))
    assert told == {"signatures": 1, "certificate": certificate, "holds": True}
    assert signing.signer_of(CENTRE) == "Northgate College"
    with target.open("rb") as file:
        found = PdfFileReader(file).embedded_signatures[0]
        assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"  # PAdES
        assert found.signer_cert.sha256.hex() == certificate


def test_what_was_there_stays_byte_for_byte(plain, tmp_path, folder, made):
    write_p12(folder, made)
    target, _certificate = sign(plain, tmp_path)
    assert target.read_bytes().startswith(plain.read_bytes())


def test_the_field_is_unseen_and_part_of_the_structure(plain, tmp_path, folder, made):
    write_p12(folder, made)
    target, _certificate = sign(plain, tmp_path)
    with pikepdf.open(target) as opened:
        assert opened.Root.AcroForm.SigFlags == 3
        (field,) = opened.Root.AcroForm.Fields
        assert field.Subtype == "/Widget"
        assert list(field.Rect) == [0, 0, 0, 0]
        assert field.F & 0b100  # prints
        assert not field.F & 0b100011  # neither hidden nor without a view: PDF/A forbids both
        assert str(field.TU)
        assert field.P.objgen == opened.pages[0].objgen
        assert field.objgen in [each.objgen for each in opened.pages[0].Annots]
        assert opened.pages[0].Tabs == "/S"
        parents = list(opened.Root.StructTreeRoot.ParentTree.Nums)
        form = parents[parents.index(field.StructParent) + 1]
        assert form.S == "/Form"
        assert form.K.Obj.objgen == field.objgen
        assert form.objgen in [each.objgen for each in form.P.K if not isinstance(each, int)]
        assert form.P.P.objgen == opened.Root.StructTreeRoot.objgen
        assert [int(key) for key in parents[::2]] == sorted({int(key) for key in parents[::2]})
    with pikepdf.open(plain) as before, pikepdf.open(target) as after:
        assert after.docinfo == before.docinfo
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert "/OutputIntents" in after.Root
        assert after.Root.Lang == before.Root.Lang


def test_a_document_without_structure_can_be_signed_too(tmp_path, folder, made):
    write_p12(folder, made)
    place = tmp_path / "bare.pdf"
    with pikepdf.new() as bare:
        bare.add_blank_page()
        bare.save(place)
    assert holds(sign(place, tmp_path)[0])


def test_a_structure_whose_parents_are_a_tree(plain, tmp_path, folder, made):
    write_p12(folder, made)
    place = tmp_path / "tree.pdf"
    with pikepdf.open(plain) as opened:
        tree = opened.Root.StructTreeRoot.ParentTree
        numbers = tree.Nums
        leaf = pikepdf.Dictionary(Limits=[numbers[0], numbers[-2]], Nums=numbers)
        del tree.Nums
        tree.Kids = pikepdf.Array([opened.make_indirect(leaf)])
        opened.Root.StructTreeRoot.ParentTreeNextKey = 70
        opened.save(place)
    target, _certificate = sign(place, tmp_path)
    assert holds(target)
    with pikepdf.open(target) as opened:
        root = opened.Root.StructTreeRoot
        assert [list(kid.Limits) for kid in root.ParentTree.Kids][-1] == [70, 70]
        assert root.ParentTreeNextKey == 71


@pytest.mark.parametrize("secret", ["KEY_PASSPHRASE", "KEY_PASSPHRASE_NORTHGATE"])
@pytest.mark.parametrize("kind", ["p12", "pem"])
def test_keys_under_a_passphrase(plain, tmp_path, folder, made, settings, kind, secret):
    if kind == "p12":
        write_p12(folder, made, "open sesame")
    else:
        write_pair(folder, *made, passphrase="open sesame")
    settings.SIGNING_SECRETS = {secret: "open sesame"}
    assert holds(sign(plain, tmp_path)[0])
    settings.SIGNING_SECRETS = {secret: "open barley"}
    (tmp_path / "signed.pdf").unlink()
    assert "passphrase is wrong" in refusal(plain, tmp_path)
    settings.SIGNING_SECRETS = {}
    assert "passphrase is wrong" in refusal(plain, tmp_path)


def test_a_damaged_file(plain, tmp_path, folder):
    (folder / "northgate.p12").write_bytes(b"no certificate")
    assert "damaged" in refusal(plain, tmp_path)


def test_a_file_that_cannot_be_read(plain, tmp_path, folder):
    (folder / "northgate.p12").mkdir()
    assert "cannot be read" in refusal(plain, tmp_path)


def test_a_certificate_without_its_key(plain, tmp_path, folder, made):
    write_pair(folder, *made)
    (folder / "northgate.key").unlink()
    assert "key is missing" in refusal(plain, tmp_path)


def test_somebody_elses_key(plain, tmp_path, folder, made):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    write_pair(folder, other, made[1])
    assert "do not belong together" in refusal(plain, tmp_path)


@pytest.mark.parametrize(
    ("days", "words"), [(-800, "expired on"), (800, "valid only from")], ids=["past", "future"]
)
def test_a_certificate_out_of_its_time(plain, tmp_path, folder, made, monkeypatch, days, words):
    class Then(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime.now(tz) + timedelta(days=days)

    monkeypatch.setattr(self_signed, "datetime", Then)
    write_p12(folder, (made[0], self_signed.certificate(CENTRE, made[0], years=1)))
    assert words in refusal(plain, tmp_path)


def test_a_file_that_is_no_pdf_is_not_signed(tmp_path, folder, made):
    write_p12(folder, made)
    place = tmp_path / "no.pdf"
    place.write_bytes(b"no pdf")
    with pytest.raises(SigningFailed, match="could not be signed"):
        sign(place, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()


# Time stamps


def test_stamped_by_a_service(plain, tmp_path, folder, made, stamper):
    write_p12(folder, made)
    target, _certificate = sign(plain, tmp_path)
    assert stamper.asked
    with target.open("rb") as file:
        found = PdfFileReader(file).embedded_signatures[0]
        unsigned = found.signer_info["unsigned_attrs"].native
    assert [each["type"] for each in unsigned] == ["signature_time_stamp_token"]
    assert holds(target)


def test_a_service_that_does_not_answer_stops_the_export(plain, tmp_path, folder, made, stamper):
    write_p12(folder, made)
    stamper.answers = False
    with pytest.raises(SigningFailed, match="time-stamping service did not answer"):
        sign(plain, tmp_path)
    assert not (tmp_path / "signed.pdf").exists()


# Tokens: no token here; what names one is read, and what goes wrong is said.


def test_a_token_whose_module_is_not_there(plain, tmp_path, folder):
    token(folder, module="/no/such/module.so", token="Northgate", key="seal")
    assert "/no/such/module.so is not on this server" in refusal(plain, tmp_path)


def test_a_module_that_is_none(plain, tmp_path, folder):
    module = tmp_path / "module.so"
    module.write_bytes(b"not a library")
    token(folder, module=str(module), token="Northgate", key="seal")
    assert "token did not sign" in refusal(plain, tmp_path)


@pytest.mark.parametrize(
    "told",
    [{}, {"module": "x", "token": "y"}, {"module": "x", "token": "y", "key": "z", "pin": "1"}],
)
def test_a_token_file_that_says_too_little_or_a_secret(plain, tmp_path, folder, told):
    token(folder, **told)
    assert "needs texts for module, token and key" in refusal(plain, tmp_path)


def test_a_token_file_that_is_no_toml(plain, tmp_path, folder):
    (folder / "northgate.toml").write_text("= nothing")
    assert "cannot be read" in refusal(plain, tmp_path)


def test_a_token_signs_with_what_its_file_names(
    plain, tmp_path, folder, made, settings, monkeypatch
):
    """The library that speaks to tokens is played by a key from a file."""
    write_p12(folder, made)
    from_file = keys._from_file(CENTRE)
    asked: list[Any] = []

    class Played:
        def __init__(self, config: Any, user_pin: str | None = None) -> None:
            asked.append(
                (config.token_criteria.label, config.key_label, config.cert_label, user_pin)
            )

        def __enter__(self) -> Any:
            return from_file

        def __exit__(self, *_ended: object) -> None:
            asked.append("closed")

    monkeypatch.setattr("reports.signing.tokens.PKCS11SigningContext", Played)
    monkeypatch.setattr("reports.signing.tokens._load", lambda _found: None)
    settings.SIGNING_SECRETS = {"TOKEN_PIN": "1234"}
    module = tmp_path / "module.so"
    module.touch()
    token(folder, module=str(module), token="Northgate", key="seal", certificate="northgate 2026")
    assert holds(sign(plain, tmp_path)[0])
    assert asked == [("Northgate", "seal", "northgate 2026", "1234"), "closed"]


# Making one


@pytest.mark.django_db
def test_a_certificate_is_made_once_and_for_our_eyes_only(settings, tmp_path, capsys, plain):
    settings.KEYS_DIR = tmp_path / "new"
    centre = make_centre()
    call_command("make_certificate", centre.slug)
    place = settings.KEYS_DIR / f"{centre.slug}.p12"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.KEYS_DIR.stat().st_mode) == 0o700
    before = place.read_bytes()
    with pytest.raises(CommandError, match="has a certificate already"):
        call_command("make_certificate", centre.slug)
    assert place.read_bytes() == before
    certificate = signing.sign(pdf=plain, centre=centre, target=tmp_path / "signed.pdf")
    assert certificate in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("arguments", [["nowhere"], ["--years", "0"], ["--years", "99"]])
def test_a_certificate_for_nobody_or_for_ever(arguments, settings):
    centre = make_centre()
    given = arguments if arguments[0] == "nowhere" else [centre.slug, *arguments]
    with pytest.raises(CommandError):
        call_command("make_certificate", *given)
