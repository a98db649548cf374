"""Decisions taken elsewhere; portfolio/urls.py takes these in."""

from django.urls import path

from portfolio.views import imports

urlpatterns = [
    path("units/<int:pk>/imported/", imports.imports, name="imports"),
    path("imported/<int:pk>/take-back/", imports.take_back, name="import_take_back"),
]
