import pytest

from files.redaction.texts import BLOCK, masked, quotes, spans_of

TEXT = "I rang Mrs Bell. Mary **Bell** was cross; bells rang. mrs  bell said no."


def test_a_phrase_is_hidden_wherever_it_stands():
    spans = spans_of(TEXT, ["Mrs Bell"])
    assert masked(TEXT, spans) == (
        f"I rang {BLOCK}. Mary **Bell** was cross; bells rang. {BLOCK} said no."
    )


def test_whole_words_and_across_stars():
    assert masked(TEXT, spans_of(TEXT, ["bell"])).count(BLOCK) == 3
    assert "bells" in masked(TEXT, spans_of(TEXT, ["bell"]))
    assert masked(TEXT, spans_of(TEXT, ["Mary Bell"])) == TEXT.replace("Mary **Bell", BLOCK)


def test_a_part_of_a_word_when_it_stands_in_no_other_way():
    assert masked("ring 07700-900123x", spans_of("ring 07700-900123x", ["900123"])) == (
        f"ring 07700-{BLOCK}x"
    )


def test_what_hides_has_one_length_whatever_it_hides():
    assert len({len(masked(word, [(0, len(word))])) for word in ("Al", "Bartholomew")}) == 1


def test_what_overlaps_is_hidden_as_one():
    spans = spans_of("Mary Ann Bell", ["Mary Ann", "Ann Bell"])
    assert (spans, masked("Mary Ann Bell", spans)) == ([(0, 13)], BLOCK)


@pytest.mark.parametrize("phrases", [[], [""], ["  "], ["nobody"]])
def test_nothing_to_hide(phrases):
    assert spans_of(TEXT, phrases) == []


def test_signs_mean_themselves():
    assert spans_of("a.b (c) [d]*", ["(c)", ".", "[d]*"]) == [(1, 2), (4, 7), (8, 12)]


def test_the_words_themselves_each_once():
    assert quotes(TEXT, spans_of(TEXT, ["Mrs Bell"])) == ["Mrs Bell", "mrs  bell"]
