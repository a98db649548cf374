"""Witnesses; portfolio/urls.py takes these in."""

from django.urls import path

from portfolio.views import witnesses

urlpatterns = [
    path("units/<int:pk>/witnesses/", witnesses.witnesses, name="witnesses"),
    path("units/<int:pk>/witnesses/ask/", witnesses.ask, name="witness_ask"),
    path("witnesses/<int:pk>/resend/", witnesses.resend, name="witness_resend"),
    path("witnesses/<int:pk>/withdraw/", witnesses.withdraw, name="witness_withdraw"),
    path("expert-witnesses/", witnesses.experts, name="experts"),
    path("expert-witnesses/add/", witnesses.expert_add, name="expert_add"),
    path("expert-witnesses/<int:pk>/end/", witnesses.expert_end, name="expert_end"),
]
