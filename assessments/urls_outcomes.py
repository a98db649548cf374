"""What the learner reads of decisions; assessments/urls.py takes these in."""

from django.urls import path

from assessments.views import outcomes

urlpatterns = [
    path("decisions/", outcomes.decisions, name="decisions"),
    path("decisions/<int:pk>/", outcomes.decision, name="decision"),
]
