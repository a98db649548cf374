from django.urls import path

from accounts.views import invitations, people

app_name = "accounts"

urlpatterns = [
    path("", people.people, name="people"),
    path("invite/", invitations.invite, name="invite"),
    path("<int:pk>/", people.person, name="person"),
    path("roles/<int:pk>/remove/", people.revoke, name="revoke"),
    path("invitations/<int:pk>/resend/", invitations.resend, name="resend"),
    path("invitations/<int:pk>/withdraw/", invitations.withdraw, name="withdraw"),
]
