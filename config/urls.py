from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),
    path("", include("portfolio.urls_device")),
    path("accounts/", include("accounts.sign_in_urls")),
    path("support/", admin.site.urls),
    path("testimony/", include("portfolio.urls_public")),
    path("verify/", include("reports.proof.urls")),
    path("c/<slug:centre>/people/", include("accounts.centre_urls")),
    path("c/<slug:centre>/notices/", include("accounts.notice_urls")),
    path("c/<slug:centre>/uploads/", include("files.urls")),
    path("c/<slug:centre>/standards/", include("standards.urls")),
    path("c/<slug:centre>/", include("portfolio.urls")),
    path("c/<slug:centre>/", include("assessments.urls")),
    path("c/<slug:centre>/exports/", include("reports.urls")),
]
