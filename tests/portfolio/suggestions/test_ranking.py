"""How good the suggestions are, on the published texts, and what they do with nonsense."""

import random
from functools import lru_cache
from pathlib import Path

import pytest
from django.conf import settings

from portfolio.suggestions import Suggestion, ranking, suggest
from portfolio.suggestions.words import stem
from standards.models import Criterion
from standards.nos import read_text

TEXTS = Path(settings.BASE_DIR) / "fixtures" / "texts"
NAMES = (
    "CFACSB15-2021",
    "CFACSB15-2013-FE3M04",
    "develop-customer-relationships",
    "improve-customer-relationships",
)


@lru_cache
def criteria_of(*names: str) -> tuple[Criterion, ...]:
    """The published criteria as rows that no database holds."""
    texts = [(TEXTS / f"{name}.txt").read_text() for name in names]
    found = [each for text in texts for unit in read_text(text) for each in unit.performance]
    found += [each for text in texts for unit in read_text(text) for each in unit.knowledge]
    return tuple(
        Criterion(pk=order, order=order, code=each.code, text=each.text, subitems=[*each.subitems])
        for order, each in enumerate(found)
    )


def codes(found: list[Suggestion]) -> list[str]:
    return [each.criterion.code for each in found]


WRITTEN = [
    (
        NAMES[0],
        "P4",
        "On Tuesday Mrs Patel came in to collect her glasses. I asked her what she hoped for from "
        "us, and told her she can ring or email me at any time. She said she expected a text when "
        "an order is ready. I wrote her expectations down and thanked her for telling me.",
    ),
    (
        NAMES[0],
        "P6",
        "A customer was very angry because his parcel came late and he said our packaging was "
        "rubbish. I didn't argue. I listened, said sorry, and took his criticism on board.",
    ),
    (
        NAMES[0],
        "P10",
        "After we brought in the new returns desk I handed out a short survey and asked twenty "
        "people whether they were happy with it. I collected the forms and read the comments.",
    ),
    (
        NAMES[0],
        "P11",
        "At the team meeting I asked my workmates how the new till layout had changed things for "
        "customers. I wrote down what each colleague said about its impact.",
    ),
    (
        NAMES[0],
        "P13",
        "I showed my manager my plan for changing the loyalty card. I presented three slides, she "
        "agreed to two actions and we set dates.",
    ),
    (
        NAMES[0],
        "P14",
        "I followed the data protection policy and our code of practice when I took her address. "
        "GDPR says we only keep what we need.",
    ),
    (
        NAMES[0],
        "P3",
        "When I met the new client I explained my role and why I was ringing, and what both of us "
        "would gain: the benefits for him and for us of working together for years.",
    ),
    (
        NAMES[0],
        "K12",
        "We use Facebook and Instagram. A bad post can spread fast and harm relations with people "
        "who have bought from us for years.",
    ),
    (
        NAMES[0],
        "K8",
        "When somebody wants more than we can give I look for the middle. I negotiate: I listen to "
        "what they expect and I keep in mind what the firm expects of me, and balance the two.",
    ),
    (
        NAMES[3],
        "P2",
        "The oven broke down so Friday's cakes were late. I phoned each customer before noon to "
        "update them on what had happened.",
    ),
    (
        NAMES[3],
        "P3",
        "The man was upset about his mother. I spoke slowly and softly and adapted my style to "
        "his feelings.",
    ),
    (
        NAMES[2],
        "P9",
        "I couldn't solve the wifi problem myself because it's outside my authority, so I referred "
        "it to my colleague in IT.",
    ),
    (
        NAMES[2],
        "P12",
        "In the morning meeting I shared the feedback I'd received from two customers with my "
        "colleagues.",
    ),
]


@pytest.mark.parametrize(("unit", "code", "account"), WRITTEN)
def test_what_a_learner_might_write_finds_its_criterion(unit: str, code: str, account: str) -> None:
    assert code in codes(suggest(account, criteria_of(unit)))


def test_among_all_units_at_once_it_is_mostly_found_too() -> None:
    everything = criteria_of(*NAMES)
    found = [code in codes(suggest(account, everything)) for _unit, code, account in WRITTEN]
    assert sum(found) >= len(found) * 0.7


@pytest.mark.parametrize(
    "account",
    [
        "",
        "   \n",
        "customer",
        "customers customers customers customers customers",
        "asdf qwer zxcv poiu lkjh mnbv qwerty uiop",
        "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod",
        "The cat sat on the mat and looked at the moon over the river",
        "Monday shift 9 to 5, lunch at noon, then stock take and cleaning",
        "1234 5678 90 !!! ??? ---",
        "\u0645\u0631\u062d\u0628\u0627 \u0643\u064a\u0641 \u062d\u0627\u0644\u0643",
        "<script>alert(1)</script> {{ 7|add:7 }} %s %(x)s",
    ],
)
def test_where_the_words_say_nothing_nothing_is_suggested(account: str) -> None:
    assert suggest(account, criteria_of(*NAMES)) == []


def test_the_words_that_matched_are_the_learners_own() -> None:
    _unit, code, account = WRITTEN[5]
    (found, *_rest) = suggest(account, criteria_of(NAMES[0]))
    assert found.criterion.code == code
    assert {"followed", "policy", "gdpr"} <= set(found.words)
    assert all(word in account.lower() for word in found.words)


def test_a_slip_of_the_keyboard_finds_it_too() -> None:
    account = "I negociated with her and we reached a compromize that our organisation accepts."
    found = suggest(account, criteria_of(NAMES[0]))
    assert {"K8", "K9"} & set(codes(found))
    words = {word for each in found for word in each.words}
    assert {"negociated", "compromize"} & words


def test_one_stretch_in_a_long_account_is_found_among_much_else() -> None:
    filler = "The bus was full and the rain came down on the old roof of the station. " * 100
    account = filler + WRITTEN[4][2] + filler
    assert codes(suggest(account, criteria_of(NAMES[0])))[0] == "P13"


def test_at_most_five_are_offered_and_always_the_same_ones() -> None:
    everything = " ".join(account for _unit, _code, account in WRITTEN)
    found = suggest(everything, criteria_of(*NAMES))
    assert len(found) == 5
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert found == suggest(everything, criteria_of(*NAMES))


def test_without_open_units_nothing_is_suggested() -> None:
    assert suggest(WRITTEN[0][2], []) == []


def test_the_work_grows_with_the_account_and_no_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not by the clock: by how often a criterion is weighed, which is what takes the time."""
    weighed = []
    weigh = ranking._weigh
    monkeypatch.setattr(ranking, "_weigh", lambda *given: weighed.append(1) or weigh(*given))
    letters = random.Random(5)
    words = ["".join(letters.choices("bcdfghklmnprst", k=9)) for _ in range(6000)]
    criteria = criteria_of(*NAMES)
    for many in (3000, 6000):
        weighed.clear()
        assert suggest(" ".join(words[:many]), criteria) == []
        assert len(weighed) <= many / ranking.STEP * len(criteria)


@pytest.mark.parametrize(
    "forms",
    [
        "communicate communicated communicates communicating communication",
        "expect expected expecting expectation expectations",
        "negotiate negotiated negotiating negotiation",
        "benefit benefits benefited",
        "criticism criticised criticise",
        "relation relations relationship relationships",
        "assess assessed assessment",
        "inform informed information",
        "propose proposed proposal",
        "plan plans planned planning",
        "customer customers customer's customer’s",
    ],
)
def test_a_words_forms_are_one(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("pair", ["team time", "loyalty law", "customer costume", "agree angry"])
def test_different_words_stay_apart(pair: str) -> None:
    one, other = pair.split()
    assert stem(one) != stem(other)
