from django.urls import path

from portfolio.urls_admin import urlpatterns as admin_patterns
from portfolio.urls_imports import urlpatterns as import_patterns
from portfolio.urls_interests import urlpatterns as interest_patterns
from portfolio.urls_likeness import urlpatterns as likeness_patterns
from portfolio.urls_redaction import urlpatterns as redaction_patterns
from portfolio.urls_viewers import urlpatterns as viewer_patterns
from portfolio.urls_witness import urlpatterns as witness_patterns
from portfolio.views import (
    annotations,
    captures,
    claims,
    editing,
    evidence,
    people,
    suggestions,
    units,
)

app_name = "portfolio"

urlpatterns = [
    path("", units.home, name="home"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/add/", editing.add, name="evidence_add"),
    path("evidence/suggestions/", suggestions.suggestions, name="suggestions"),
    path("evidence/<int:pk>/", evidence.evidence, name="evidence"),
    path(
        "evidence/<int:pk>/versions/<int:number>/",
        evidence.evidence_version,
        name="evidence_version",
    ),
    path(
        "evidence/<int:pk>/versions/<int:number>/annotations/",
        annotations.annotations,
        name="annotations",
    ),
    path("evidence/<int:pk>/edit/", editing.edit, name="evidence_edit"),
    path("evidence/<int:pk>/claims/", claims.claims, name="claims"),
    path("evidence/<int:pk>/new-version/", editing.new_version, name="new_version"),
    path("evidence/<int:pk>/people/", people.people, name="people"),
    path("evidence/<int:pk>/withdraw/", editing.withdraw, name="withdraw_draft"),
    path("capture/", captures.capture, name="capture"),
    path("outbox/", captures.outbox, name="outbox"),
    path("captures/", captures.captures, name="captures"),
    path("files/<int:pk>/", evidence.file, name="file"),
    *admin_patterns,
    *import_patterns,
    *interest_patterns,
    *redaction_patterns,
    *likeness_patterns,
    *viewer_patterns,
    *witness_patterns,
]
