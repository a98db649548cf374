"""What becomes of a decision after it was sent."""

from django.urls import path

from assessments.views import appeals, timeline, undoing, withdrawing

urlpatterns = [
    path("submissions/<int:pk>/undo/", undoing.undo, name="undo"),
    path("submissions/<int:pk>/withdraw/", withdrawing.withdraw, name="withdraw"),
    path("submissions/<int:pk>/appeal/", appeals.make, name="make_appeal"),
    path("sign-offs/<int:pk>/withdraw/", withdrawing.withdraw_sign_off, name="withdraw_sign_off"),
    path("units/<int:pk>/appeal/", appeals.make_unit, name="make_unit_appeal"),
    path("appeals/", appeals.appeals, name="appeals"),
    path("appeals/<int:pk>/", appeals.appeal, name="appeal"),
    path("appeals/<int:pk>/answer/", appeals.answer, name="answer_appeal"),
    path("appeals/<int:pk>/give-up/", appeals.give_up, name="give_up_appeal"),
    path("units/<int:pk>/timeline/", timeline.unit, name="unit_timeline"),
    path("evidence/<int:pk>/timeline/", timeline.item, name="item_timeline"),
    path("claims/<int:pk>/timeline/", timeline.claim, name="claim_timeline"),
]
