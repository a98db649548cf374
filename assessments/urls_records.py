from django.urls import path

from assessments.views import confirming, questions, records

urlpatterns = [
    path("enrolments/<int:pk>/records/", records.records, name="records"),
    path("enrolments/<int:pk>/records/new/", records.record_new, name="record_new"),
    path("records/<int:pk>/", records.record, name="record"),
    path("records/<int:pk>/plan/", records.record_plan, name="record_plan"),
    path("records/<int:pk>/begin/", records.record_begin, name="record_begin"),
    path("records/<int:pk>/write/", records.record_make, name="record_make"),
    path("records/<int:pk>/questions/", questions.record_questions, name="record_questions"),
    path("records/<int:pk>/share/", records.record_share, name="record_share"),
    path("records/<int:pk>/take-back/", records.record_take_back, name="record_take_back"),
    path("records/<int:pk>/cancel/", records.record_cancel, name="record_cancel"),
    path("records/<int:pk>/amend/", records.record_amend, name="record_amend"),
    path("records/<int:pk>/confirm/", confirming.record_confirm, name="record_confirm"),
    path("records/<int:pk>/question/", confirming.record_question, name="record_question"),
    path("records/<int:pk>/answers/", confirming.record_answers, name="record_answers"),
    path("questions/", questions.questions, name="questions"),
    path("questions/new/<int:pk>/", questions.question_add, name="question_add"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/retire/", questions.question_retire, name="question_retire"),
]
