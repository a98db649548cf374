"""What support staff may look at. What is published never changes; drafts have their page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from standards.models import Criterion, Draft, Edition, MarkingGuide, MarkingPoint, Standard


class LookOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class CriterionInline(LookOnly, admin.TabularInline):
    model = Criterion
    fields = ["code", "kind", "text", "group"]


class MarkingPointInline(LookOnly, admin.TabularInline):
    model = MarkingPoint


@admin.register(Standard)
class StandardAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["urn"]
    search_fields = ["urn"]


@admin.register(Edition)
class EditionAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["standard", "title", "approved_on", "version", "centre", "published_at"]
    list_select_related = ["standard", "centre"]
    search_fields = ["standard__urn", "title"]
    inlines = [CriterionInline]


@admin.register(MarkingGuide)
class MarkingGuideAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["title", "centre", "published_at"]
    list_select_related = ["centre"]
    inlines = [MarkingPointInline]


@admin.register(Draft)
class DraftAdmin(LookOnly, admin.ModelAdmin):
    list_display = ["__str__", "centre", "status", "created_by", "created_at"]
    list_select_related = ["centre", "created_by"]
