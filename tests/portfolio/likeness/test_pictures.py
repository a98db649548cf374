import pytest
from PIL import Image, ImageEnhance, ImageOps

from portfolio.likeness.pictures import Look, look_of
from tests.portfolio.likeness.conftest import drawing, saved


@pytest.fixture
def look(tmp_path):
    def look(image: Image.Image, form: str = "JPEG", **options) -> Look | None:
        path = tmp_path / "picture"
        path.write_bytes(saved(image, form, **options))
        return look_of(path)

    return look


CHANGES = {
    "smaller": lambda image: image.resize((320, 240)),
    "larger": lambda image: image.resize((1600, 1200)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.2),
    "grey": ImageOps.grayscale,
    "the same": lambda image: image,
}


@pytest.mark.parametrize("change", list(CHANGES))
@pytest.mark.parametrize("seed", range(6))
def test_a_changed_copy_is_alike(look, seed, change):
    original, copy = look(drawing(seed)), look(CHANGES[change](drawing(seed)), quality=40)
    assert original.share(copy) > 0.8
    assert set(original.sketch()) & set(copy.sketch())


def test_other_pictures_are_not(look):
    looks = [look(drawing(seed)) for seed in range(40)]
    alike = [(a, b) for a in range(40) for b in range(a) if looks[a].share(looks[b]) > 0]
    assert alike == []


@pytest.mark.parametrize("colour", ["white", "black", "teal"])
def test_an_empty_picture_is_like_nothing(look, colour):
    assert look(Image.new("RGB", (400, 300), colour)) is None


def test_bytes_that_are_no_picture_are_like_nothing(tmp_path):
    path = tmp_path / "broken"
    path.write_bytes(b"\xff\xd8\xff not really")
    assert look_of(path) is None
    assert look_of(tmp_path / "not there") is None


def test_a_look_is_the_same_out_of_its_row(look):
    found = look(drawing(3))
    assert Look.from_facts(found.as_facts()) == found
