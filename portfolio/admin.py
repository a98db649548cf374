from django.contrib import admin

from accounts.admin import ReadOnly
from portfolio.models import Allocation, Enrolment, Portfolio


@admin.register(Portfolio)
class PortfolioAdmin(ReadOnly):
    list_display = ["learner", "centre", "registration_number", "cohort"]
    list_select_related = ["learner", "centre"]
    search_fields = ["learner__name", "learner__email", "registration_number", "cohort"]


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnly):
    list_display = ["portfolio", "edition", "status", "started_on"]
    list_filter = ["status"]
    list_select_related = ["portfolio__learner", "edition__standard"]
    search_fields = ["portfolio__learner__name", "edition__standard__urn"]


@admin.register(Allocation)
class AllocationAdmin(ReadOnly):
    list_display = ["enrolment", "assessor", "created_at", "ended_at"]
    list_select_related = [
        "enrolment__portfolio__learner",
        "enrolment__edition__standard",
        "assessor",
    ]
    search_fields = ["assessor__name", "enrolment__portfolio__learner__name"]
