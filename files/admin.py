"""What support staff may look at; files come and go only through the actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from files.models import Blob, Quota, Upload


class LookOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Blob)
class BlobAdmin(LookOnly):
    list_display = ["sha256", "media_type", "size", "created_at"]
    search_fields = ["sha256"]


@admin.register(Upload)
class UploadAdmin(LookOnly):
    list_display = ["name", "owner", "centre", "created_at"]
    list_select_related = ["owner", "centre"]


@admin.register(Quota)
class QuotaAdmin(admin.ModelAdmin):
    """The one thing here that support staff decide: room beyond what the settings give."""

    list_display = ["centre", "centre_bytes", "person_bytes"]
    list_select_related = ["centre"]
