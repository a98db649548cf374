from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.exports, name="list"),
    path("add/", views.add, name="add"),
    path("<int:pk>/download/", views.download, name="download"),
    path("<int:pk>/retry/", views.retry, name="retry"),
]
