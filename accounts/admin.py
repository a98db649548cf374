"""For support staff: they open accounts and close them; what a centre decided they only read."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from accounts.models import Centre, Invitation, Membership, User

# Through our own sign-in page, with its second step.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.site_header = admin.site.site_title = "Signpost support"


class NothingIsDeleted(admin.ModelAdmin):
    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnly(NothingIsDeleted):
    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(NothingIsDeleted):
    list_display = ["name", "email", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["name", "email", "is_active", "is_staff", "groups", "last_login", "date_joined"]
    readonly_fields = ["last_login", "date_joined"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # centres invite; support staff are made on the command line

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever sets an address can have its password reset: so not a superuser's."""
        above = obj is not None and (obj.is_staff or obj.is_superuser)
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not above)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Only a superuser makes support staff, lest somebody promote themselves."""
        if request.user.is_superuser:
            return self.readonly_fields
        return [*self.readonly_fields, "is_staff", "groups"]


@admin.register(Centre)
class CentreAdmin(NothingIsDeleted):
    list_display = ["name", "slug", "number", "created_at"]
    search_fields = ["name", "slug", "number"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `manage.py open_centre` also makes its first admin, and the ledger entry

    def get_readonly_fields(self, request: HttpRequest, obj: Centre | None = None) -> list[str]:
        return ["slug", "created_at"]  # the slug is in every address people have kept


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ["user", "centre", "role", "created_at"]
    list_filter = ["role"]
    list_select_related = ["user", "centre"]
    search_fields = ["user__name", "user__email", "centre__name"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ["user", "centre", "role", "created_at", "sent_at", "accepted_at"]
    list_select_related = ["user", "centre"]
    search_fields = ["user__email", "centre__name"]
    fields = [
        "user",
        "centre",
        "role",
        "invited_by",
        "created_at",
        "sent_at",
        "expires_at",
        "accepted_at",
        "withdrawn_at",
    ]
