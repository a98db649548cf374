"""For anybody, without an account: it lies outside any centre."""

from django.urls import path

from reports.proof import views

app_name = "proof"

urlpatterns = [
    path("", views.verify, name="ask"),
    path("<str:code>/", views.verify, name="verify"),
]
