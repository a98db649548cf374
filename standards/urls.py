from django.urls import path

from standards.views import drafts, library

app_name = "standards"

urlpatterns = [
    path("", library.standards, name="list"),
    path("editions/<int:pk>/", library.edition, name="edition"),
    path("guides/<int:pk>/", library.guide, name="guide"),
    path("guides/<int:pk>/serves/", library.guide_serves, name="guide_serves"),
    path("drafts/add/", drafts.draft_add, name="draft_add"),
    path("drafts/<int:pk>/", drafts.draft, name="draft"),
    path("drafts/<int:pk>/publish/", drafts.draft_publish, name="draft_publish"),
    path("drafts/<int:pk>/discard/", drafts.draft_discard, name="draft_discard"),
]
