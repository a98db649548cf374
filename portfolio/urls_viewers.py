from django.urls import path

from portfolio.views import previews

urlpatterns = [
    path("evidence/files/<int:pk>/", previews.file_view, name="file_view"),
    path("files/<int:pk>/captions/", previews.captions, name="captions"),
    path("files/<int:pk>/preview/", previews.preview, name="preview"),
    path(
        "files/<int:pk>/preview/<slug:role>/<int:number>/",
        previews.preview_part,
        name="preview_part",
    ),
]
