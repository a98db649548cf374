from django.urls import path

from accounts.views.home import home
from accounts.views.invitations import InvitationView

urlpatterns = [
    path("", home, name="home"),
    path("invitation/<str:token>/", InvitationView.as_view(), name="invitation"),
]
