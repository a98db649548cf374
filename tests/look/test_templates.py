"""What holds for every template: no inline code, and pages that come out when all else fails."""

import re
from pathlib import Path

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = Path(settings.BASE_DIR, "templates")
ON_SCREEN = [
    page for page in TEMPLATES.rglob("*.html") if page.relative_to(TEMPLATES).parts[0] != "reports"
]


@pytest.fixture
def _plain_static_files(settings):
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.mark.parametrize("template", ON_SCREEN, ids=lambda each: str(each.relative_to(TEMPLATES)))
def test_a_template_has_no_inline_script_or_style(template):
    source = re.sub(r"{%.*?%}|{{.*?}}", "", template.read_text(), flags=re.DOTALL)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", source)
    for tag in re.findall(r"<script[^>]*>", source):
        assert " src=" in tag


@pytest.mark.parametrize("name", ["400", "403", "404", "413", "500"])
def test_an_error_page_needs_nothing_but_itself(name):
    """No request, no database (the test has none), and no manifest of static files."""
    html = render_to_string(f"{name}.html")
    assert html.count("<h1>") == 1
    assert 'href="/static/css/app.css"' in html


class Question(forms.Form):
    title = forms.CharField(label="What is it?", help_text="A few words.")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    secret = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("These <b>do not</b> fit together.")


def errors_of(form) -> str:
    return render_to_string("_error_summary.html", {"form": form})


def test_a_form_without_errors_has_no_summary():
    assert errors_of(Question()).strip() == ""


def test_the_summary_names_every_error_and_leads_to_its_field():
    html = errors_of(Question({}))
    assert 'role="alert"' in html
    assert 'href="#id_title">What is it: Fill this in.' in html
    assert 'href="#id_kind_0"' in html  # a group has no single box: its first choice
    assert 'href="#id_secret"' not in html  # nobody can go to what is not shown
    assert "These &lt;b&gt;do not&lt;/b&gt; fit together." in html


@pytest.mark.usefixtures("_plain_static_files")
def test_a_field_is_tied_to_its_help_and_its_error():
    html = render_crispy_form(Question({}))
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-invalid="true"' in html
