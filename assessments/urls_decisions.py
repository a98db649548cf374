"""What becomes of a decision after it was sent."""

from django.urls import path

from assessments.views import undoing

urlpatterns = [
    path("submissions/<int:pk>/undo/", undoing.undo, name="undo"),
]
