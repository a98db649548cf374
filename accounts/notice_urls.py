from django.urls import path

from accounts.views import notices

app_name = "notices"

urlpatterns = [
    path("", notices.notices, name="list"),
    path("read/", notices.read_all, name="read_all"),
    path("e-mail/", notices.choice, name="choice"),
    path("<int:pk>/", notices.follow, name="follow"),
    path("<int:pk>/open/", notices.open_, name="open"),
]
