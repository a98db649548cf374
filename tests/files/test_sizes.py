"""How a file's size reads."""

import pytest
from django.utils.translation import override

from files.checks import too_large
from files.templatetags.sizes import plain_size

KB, MB, GB = (1024**power for power in (1, 2, 3))


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (10, "10 bytes"),
        (1000, "1000 bytes"),
        (KB, "1 KB"),
        (1.5 * MB, "1.5 MB"),
        (10 * MB, "10 MB"),
        (100.04 * MB, "100 MB"),
        (512 * MB, "512 MB"),
        (2.05 * GB, "2 GB"),
    ],
)
@pytest.mark.parametrize("language", ["en-gb", "cy"])
def test_a_size_in_plain_words(size, words, language):
    with override(language):
        said = plain_size(size).replace("\xa0", " ")
    assert said.split(" ")[0] == words.split(" ")[0]
    if language == "en-gb":
        assert said == words


def test_what_is_too_large_is_told_the_most_in_plain_words(settings):
    settings.MAX_UPLOAD_BYTES = 512 * MB
    assert too_large().sentence.endswith("is 512\xa0MB.")
