"""The template tags that give pages their look."""

import datetime
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone

from accounts.scripts import script_words
from accounts.states import STATES
from accounts.templatetags import signpost

SPRITE = Path(settings.BASE_DIR, "static/img/marks.svg")
CONTRACT = (
    "to_do claimed draft submitted waiting met not_yet returned accepted superseded signed_off "
    "awaiting_countersignature withdrawn queued running done failed active published invited "
    "overdue imported stuck cancelled expired"
).split()

MARKS = [
    ("P1", "met", "#P1"),
    ("P2", "claimed", "#P2"),
    ("K1", "to_do", None),
    ("K2", "met", "#K2"),
]


@pytest.fixture(autouse=True)
def _plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def symbols() -> dict[str, str]:
    found = ElementTree.parse(SPRITE).getroot().iter("{http://www.w3.org/2000/svg}symbol")
    return {each.get("id"): ElementTree.tostring(each).split(b">", 1)[1] for each in found}


def render(source: str, **context) -> str:
    return Template("{% load signpost %}" + source).render(Context(context))


def test_the_table_knows_every_state_the_rooms_use():
    assert set(STATES) == set(CONTRACT)


def test_no_two_states_look_alike_and_each_shape_is_drawn():
    drawn = symbols()
    shapes = [drawn[f"state-{look.shape}"] for look in STATES.values()]
    assert len(set(shapes)) == len(STATES)


def test_no_two_states_share_a_word():
    assert len({str(look.word) for look in STATES.values()}) == len(STATES)


def test_each_tone_has_its_colours():
    css = Path(settings.BASE_DIR, "static/css/parts.css").read_text()
    for look in STATES.values():
        assert f".tone-{look.tone} {{" in css


def test_every_icon_in_a_template_is_drawn():
    drawn = symbols()
    for page in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        for name in re.findall(r'{% icon "([\w-]+)"', page.read_text()):
            assert f"icon-{name}" in drawn, f"{page.name} asks for icon {name!r}"


def test_a_state_is_shape_word_and_colour_together():
    html = render('{% state "not_yet" %}')
    assert "tone-bad" in html
    assert "marks.svg#state-not-yet" in html
    assert "<span>Not yet</span>" in html


def test_a_state_may_say_more_but_its_words_are_escaped():
    html = render('{% state "waiting" word %}', word="3 days <b>")
    assert "3 days &lt;b&gt;" in html


def test_an_unknown_state_is_an_error_not_a_blank():
    with pytest.raises(LookupError, match="no state"):
        signpost.state("nearly")


def test_progress_in_words_counts_every_mark_once():
    assert signpost.progress_words(MARKS) == "2 of 4 met, 1 claimed, 1 to do"
    assert signpost.progress_words([("P1", "to_do", None)]) == "0 of 1 met, 1 to do"


def test_progress_marks_link_to_their_criteria_and_make_a_row_for_each_kind():
    html = render("{% progress_marks marks %}", marks=MARKS)
    assert html.count("<ol") == 2
    assert re.findall(r'href="(#[PK]\d)"', html) == ["#P1", "#P2", "#K2"]
    assert '<span class="visually-hidden">: Claimed</span>' in html
    assert "2 of 4 met, 1 claimed, 1 to do" in html


def test_no_criteria_no_marks():
    assert render("{% progress_marks marks %}", marks=[]) == ""


def test_a_code_from_a_pasted_standard_is_escaped():
    html = render("{% progress_marks marks %}", marks=[("<i>1", "met", '"><script>')])
    assert "<i>" not in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ({"seconds": 59}, "less than a minute"),
        ({"seconds": -30}, "less than a minute"),
        ({"seconds": 60}, "1 minute"),
        ({"minutes": 59}, "59 minutes"),
        ({"minutes": 60}, "1 hour"),
        ({"hours": 23, "minutes": 59}, "23 hours"),
        ({"days": 1}, "1 day"),
        ({"days": 400}, "400 days"),
    ],
)
def test_age_in_its_largest_unit(ago, words, monkeypatch):
    now = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert signpost.age(now - datetime.timedelta(**ago)) == words


def test_no_moment_no_age():
    assert signpost.age(None) == ""
    assert signpost.when(None) == ""


def test_when_speaks_local_time():
    summer = datetime.datetime(2026, 7, 1, 23, 30, tzinfo=datetime.UTC)
    assert signpost.when(summer) == (
        '<time datetime="2026-07-02T00:30:00+01:00">2 Jul 2026, 00:30</time>'
    )
    assert signpost.when(summer, "date").endswith(">2 Jul 2026</time>")
    assert signpost.when(datetime.date(2021, 2, 22)) == (
        '<time datetime="2021-02-22">22 Feb 2021</time>'
    )


@pytest.mark.parametrize(
    ("referer", "target"),
    [
        ("http://testserver/c/x/queue/", "http://testserver/c/x/queue/"),
        ("https://evil.example/", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_stays_on_this_site(rf, referer, target):
    request = rf.get("/", headers={"referer": referer})
    assert signpost.came_from(Context({"request": request})) == target


def test_the_words_for_scripts_are_data_not_code():
    html = signpost.words_for_scripts()
    assert html.startswith('<script id="words" type="application/json">')


def test_every_word_a_script_says_is_in_the_table():
    said = set()
    for module in Path(settings.BASE_DIR, "static/js").rglob("*.js"):
        said |= set(re.findall(r'\bsay\("(\w+)"', module.read_text()))
    assert said
    assert said <= script_words().keys()


class Boxes(forms.Form):
    words = forms.CharField()
    own = forms.CharField(error_messages={"required": "Say who you are."})
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")])
    day = forms.DateField()
    file = forms.FileField()
    sure = forms.BooleanField()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("words", "Fill this in."),
        ("own", "Say who you are."),
        ("one", "Choose one."),
        ("some", "Choose at least one."),
        ("day", "Choose a date."),
        ("file", "Choose a file."),
        ("sure", "Tick this box to go on."),
    ],
)
def test_an_empty_field_is_told_what_to_do(name, sentence):
    assert signpost.said_of(Boxes({})[name]) == [sentence]


def test_any_other_error_keeps_its_words():
    (said,) = signpost.said_of(Boxes({"day": "yesterday"})["day"])
    assert said == "Enter a valid date."
