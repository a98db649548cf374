"""The rules of a unit; assessments/urls.py takes these in."""

from django.urls import path

from assessments.views import rules

urlpatterns = [
    path("editions/<int:pk>/rules/", rules.unit_rules, name="unit_rules"),
    path("editions/<int:pk>/rules/methods/", rules.add_methods, name="unit_rules_add"),
    path("rules/methods/<int:pk>/remove/", rules.remove_methods, name="unit_rules_remove"),
]
