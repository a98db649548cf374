"""What an assessor plans and writes in a record, and what the learner answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import SeveralRows
from assessments.actions.confirming import LONGEST_ANSWER
from assessments.actions.questions import LONGEST_QUESTION
from assessments.actions.records import LONGEST_LINE, LONGEST_NOTE, Made, Plan
from assessments.forms import Revised
from assessments.models import Answer, Question, Record
from assessments.recording import ACCOUNT_LABEL
from portfolio.forms import EvidenceForm
from portfolio.forms_days import day_input
from portfolio.forms_witness import CriteriaField
from portfolio.models import Enrolment
from standards.models import Criterion, Edition

WHEN = "%Y-%m-%dT%H:%M"  # as browsers send it


class PlanForm(forms.Form):
    planned_for = forms.DateTimeField(
        label=_("When"),
        required=False,
        help_text=_("Leave it empty if there is no date yet."),
        input_formats=[WHEN, "%Y-%m-%dT%H:%M:%S"],
        widget=forms.DateTimeInput(format=WHEN, attrs={"type": "datetime-local"}),
    )
    place = forms.CharField(
        label=_("Where"),
        required=False,
        max_length=LONGEST_LINE,
        help_text=_("Such as “the front desk” or “by phone”."),
    )
    plan_note = forms.CharField(
        label=_("What is planned?"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("What you will look at or ask. The learner sees this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    criteria = CriteriaField(
        label=_("Which criteria might it show?"),
        queryset=Criterion.objects.none(),
        required=False,
        help_text=_("You claim what it did show afterwards, with the place that shows it."),
    )

    def __init__(self, *args: Any, enrolment: Enrolment, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].queryset = enrolment.edition.criteria.all()
        if kind == Record.Kind.WRITTEN:  # the questions say what they are about
            for name in ("planned_for", "place", "criteria"):
                del self.fields[name]

    def plan(self) -> Plan:
        given = self.cleaned_data
        return Plan(
            planned_for=given.get("planned_for"),
            place=given.get("place", ""),
            plan_note=given["plan_note"],
            criteria=list(given.get("criteria", [])),
        )


def initial_of_plan(record: Record) -> dict[str, Any]:
    names = ("planned_for", "place", "plan_note")
    return {name: getattr(record, name) for name in names} | {"criteria": record.criteria.all()}


class RecordForm(Revised, EvidenceForm):
    """The evidence form in an assessor's words; the kind of record says how it shows competence."""

    location = forms.CharField(
        label=_("Where is it kept?"),
        max_length=LONGEST_LINE,
        required=False,
        help_text=_("So that somebody else can find it there."),
    )
    seen_in_situ_on = forms.DateField(
        label=_("On what day did you see it there?"),
        required=False,
        widget=day_input(),
    )
    learned_on = forms.DateField(
        label=_("When was it learned or done?"),
        required=False,
        help_text=_("If it took longer, the last day."),
        widget=day_input(),
    )
    currency = forms.CharField(
        label=_("Why is it still current?"),
        required=False,
        max_length=LONGEST_NOTE,
        help_text=_("What you checked, and why the learner can still do it today."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record
        del self.fields["method"]
        self._only_of(Record.Kind.IN_SITU, "location", "seen_in_situ_on")
        self._only_of(Record.Kind.PRIOR_LEARNING, "learned_on", "currency")
        self._say("account", ACCOUNT_LABEL[record.kind], _("Facts first, in plain words."))
        self._say("gathered_on", _("Date"), _("The day it happened."))
        self._say("title", _("Title"), _("A few words to find it by."))
        people = _(
            "Think of faces, voices, names and customers' details. You need to answer before you "
            "share it with the learner."
        )
        self._say("personal_data", self.fields["personal_data"].label, people)

    def _only_of(self, kind: str, *names: str) -> None:
        if self.record.kind != kind:
            for name in names:
                del self.fields[name]

    def _say(self, name: str, label: Any, help_text: Any) -> None:
        self.fields[name].label, self.fields[name].help_text = label, help_text

    def made(self) -> Made:
        names = ("title", "gathered_on", "account", "personal_data", "permission_note")
        extra = ("location", "seen_in_situ_on", "learned_on", "currency")
        given = {name: self.cleaned_data[name] for name in names}
        return Made(**given, **{n: self.cleaned_data[n] for n in extra if n in self.cleaned_data})


def initial_of_record(record: Record, version: Any) -> dict[str, Any]:
    of_version = ("title", "gathered_on", "account", "personal_data", "permission_note")
    of_record = ("location", "seen_in_situ_on", "learned_on", "currency", "revision")
    return {name: getattr(version, name) for name in of_version} | {
        name: getattr(record, name) for name in of_record
    }


class WordsForm(forms.Form):
    words = forms.CharField(
        label=_("What is different?"),
        max_length=LONGEST_NOTE,
        help_text=_("Say which part, and how you remember it. Your assessor reads this."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class AnswersForm(Revised):
    """One field for each question, in order; what is kept for later may leave some empty."""

    def __init__(
        self, *args: Any, answers: list[Answer], sending: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for number, each in enumerate(answers, 1):
            self.fields[f"answer-{each.pk}"] = forms.CharField(
                label=f"{number}. {each.asked}",
                required=sending,
                error_messages={"required": _("Answer this before you send your answers.")},
                max_length=LONGEST_ANSWER,
                initial=each.answered,
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    def answers(self) -> dict[int, str]:
        given = {name: text for name, text in self.cleaned_data.items() if name != "revision"}
        return {int(name.removeprefix("answer-")): text for name, text in given.items()}

    def saved_as(self, revision: int) -> None:
        """Kept, but not sent: what is changed next is a change of what was just kept."""
        self.data = {**self.data.dict(), "revision": revision}


class QuestionsField(SeveralRows):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, question: Question) -> str:
        codes = ", ".join(each.code for each in question.criteria.all())
        return f"{codes}: {question.text}"


class ChooseQuestionsForm(forms.Form):
    questions = QuestionsField(
        label=_("Questions"),
        queryset=Question.objects.none(),
        error_messages={
            "required": _("Choose at least one question."),
            "invalid_choice": _("One of these questions was retired. Choose again."),
        },
    )

    def __init__(self, *args: Any, questions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["questions"].queryset = questions


class QuestionForm(Revised):
    text = forms.CharField(
        label=_("Question"),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    expected = forms.CharField(
        label=_("Expected answer"),
        max_length=LONGEST_QUESTION,
        help_text=_("What a good answer has in it. Learners never see this."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    criteria = CriteriaField(
        label=_("Which criteria is it about?"),
        queryset=Criterion.objects.none(),
        error_messages={"required": _("Choose at least one criterion.")},
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["criteria"].queryset = edition.criteria.all()

    def wanted(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in ("text", "expected")}
        return {**given, "criteria": list(self.cleaned_data["criteria"])}
