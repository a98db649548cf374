from django.urls import path

from files import views
from files.transfers import views as transfers

app_name = "files"

urlpatterns = [
    path("", views.upload, name="upload"),
    path("tus/", transfers.transfers, name="transfers"),
    path("tus/<uuid:pk>/", transfers.transfer, name="transfer"),
]
