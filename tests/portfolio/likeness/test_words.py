import pytest

from portfolio.likeness import words
from portfolio.likeness.pairs import marked, only_shared
from tests.portfolio.likeness.conftest import prose


def same(one: str, other: str) -> words.Overlap:
    return words.overlap(words.shingles(one), words.shingles(other))


def test_case_marks_and_spaces_make_no_difference():
    one = "I rang Mrs Hale, the customer, BACK."
    other = "i rang\nmrs hale   the customer back"
    assert words.shingles(one) == words.shingles(other)
    assert len(words.shingles(one)) == 4


def test_three_words_have_no_shingle():
    assert words.shingles("only three words") == frozenset()


def test_hashes_stay_the_same_for_ever():
    """They lie in the database; another way of hashing would find nothing any more."""
    assert list(words.shingles_in_order(words.words("One two three four"))) == [1836196124012518098]


def test_every_hash_fits_a_big_integer():
    assert all(-(2**63) <= value < 2**63 for value in words.shingles(prose(1, 2000)))


@pytest.mark.parametrize("many", [30, 300, 3000, 30_000])
def test_a_sketch_stays_small(many):
    assert len(words.sketch(words.shingles(prose(2, many)))) <= words.MOST


def test_two_of_the_same_have_one_sketch():
    assert words.sketch(words.shingles(prose(3))) == words.sketch(words.shingles(prose(3)))


def test_a_copy_with_every_tenth_word_changed_is_alike():
    copied = prose(4, 200).split()
    for at in range(0, 200, 10):
        copied[at] = "otherwise"
    assert same(prose(4, 200), " ".join(copied)).is_alike


def test_a_passage_in_a_long_text_is_alike():
    passage = prose(5, 90)
    assert same(f"{prose(6, 2000)} {passage}", f"{prose(7, 2000)} {passage}").is_alike


def test_a_sentence_in_common_is_not():
    sentence = prose(8, 15)
    assert not same(f"{prose(9)} {sentence}", f"{prose(10)} {sentence}").is_alike


def test_other_words_are_not_alike():
    assert not same(prose(11, 400), prose(12, 400)).is_alike


def test_short_texts_are_never_alike():
    assert not same(prose(13, 22), prose(13, 22)).is_alike


def test_a_passage_of_a_very_long_text_shares_values_of_the_sketch():
    """For one text in a thousand it may not; not for these ten."""
    for seed in range(10):
        own = prose(seed, 300)
        longer = f"{prose(seed + 100, 2500)} {own} {prose(seed + 200, 2500)}"
        one, other = (set(words.sketch(words.shingles(text))) for text in (own, longer))
        assert len(one & other) >= 2


def test_what_is_shared_is_marked_with_its_own_marks_and_case():
    shared = words.shingles("rang her back today")
    text = "First I Rang her; back today. Then tea."
    assert [(each.text, each.shared) for each in marked(text, shared)] == [
        ("First I ", False),
        ("Rang her; back today", True),
        (". Then tea.", False),
    ]
    assert [each.text for each in only_shared(text, shared)] == ["Rang her; back today"]


def test_runs_that_overlap_are_one():
    text = "one two three four five six"
    assert [each.text for each in marked(text, words.shingles(text))] == [text]


def test_nothing_shared_nothing_marked():
    assert [(each.text, each.shared) for each in marked("some words", frozenset())] == [
        ("some words", False)
    ]
    assert only_shared("some words", frozenset()) == []
