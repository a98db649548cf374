"""What looks alike; portfolio/urls.py takes these in."""

from django.urls import path

from portfolio.views import likeness

urlpatterns = [
    path("likenesses/", likeness.likenesses, name="likenesses"),
    path("likenesses/<int:pk>/", likeness.likeness, name="likeness"),
    path("likenesses/<int:pk>/shared/", likeness.likeness_shared, name="likeness_shared"),
    path(
        "likenesses/<int:pk>/picture/<int:side>/",
        likeness.likeness_picture,
        name="likeness_picture",
    ),
    path("likenesses/forms/", likeness.templates, name="likeness_templates"),
    path("likenesses/forms/<int:pk>/end/", likeness.template_end, name="likeness_template_end"),
]
