"""Addresses for people without an account: they lie outside any centre."""

from django.urls import path

from portfolio.views.testimony import TestimonyView, given

urlpatterns = [
    path("given/", given, name="testimony_given"),
    path("<str:token>/", TestimonyView.as_view(), name="testimony"),
]
