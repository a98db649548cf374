"""Plans, and the rules of a unit; assessments/urls.py takes these in."""

from django.urls import path

from assessments.views import agenda, plans, rules

urlpatterns = [
    path("caseload/visits/", agenda.visits, name="visits"),
    path("caseload/actions/", agenda.todo, name="todo"),
    path("plans/", agenda.plans, name="plans"),
    path("units/<int:pk>/plan/", plans.plan, name="plan"),
    path("units/<int:pk>/plan/edit/", plans.edit, name="plan_edit"),
    path("plans/<int:pk>/agree/", plans.agree, name="plan_agree"),
    path("plans/<int:pk>/review/", plans.review, name="plan_review"),
    path("plans/actions/<int:pk>/", plans.mark_action, name="plan_action"),
    path("actions/<int:pk>/", plans.mark_point, name="action_point"),
    path("editions/<int:pk>/rules/", rules.unit_rules, name="unit_rules"),
    path("editions/<int:pk>/rules/methods/", rules.add_methods, name="unit_rules_add"),
    path("rules/methods/<int:pk>/remove/", rules.remove_methods, name="unit_rules_remove"),
]
