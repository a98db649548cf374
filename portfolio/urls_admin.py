"""The centre's side of portfolios; portfolio/urls.py takes these in."""

from django.urls import path

from portfolio.views import enrolments, learners

urlpatterns = [
    path("learners/", enrolments.enrolments, name="enrolments"),
    path("learners/add/", enrolments.enrol, name="enrol"),
    path("learners/import/", learners.learners_import, name="learners_import"),
    path("learners/import/<int:pk>/", learners.learners_preview, name="learners_preview"),
    path("learners/import/<int:pk>/discard/", learners.learners_discard, name="learners_discard"),
    path("learners/<int:pk>/", enrolments.enrolment, name="enrolment"),
    path("learners/<int:pk>/details/", enrolments.details, name="learner_details"),
    path("learners/<int:pk>/allocate/", enrolments.allocate, name="allocate"),
    path("learners/<int:pk>/withdraw/", enrolments.withdraw, name="withdraw_enrolment"),
    path("learners/<int:pk>/reinstate/", enrolments.reinstate, name="reinstate_enrolment"),
    path("learners/allocations/<int:pk>/end/", enrolments.end_allocation, name="end_allocation"),
]
