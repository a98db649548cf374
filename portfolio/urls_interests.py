"""Conflicts of interest, declared for each learner."""

from django.urls import path

from portfolio.views import interests

urlpatterns = [
    path("learners/<int:pk>/interests/", interests.interests, name="interests"),
    path("learners/<int:pk>/interests/<int:interest_pk>/end/", interests.end, name="interest_end"),
]
