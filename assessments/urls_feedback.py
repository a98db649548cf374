from django.urls import path

from assessments.views import bank, comments, places, review

urlpatterns = [
    path("submissions/<int:pk>/review/", review.review, name="review"),
    path("submissions/<int:pk>/insert/", bank.insert, name="insert"),
    path("submissions/<int:pk>/comments/", comments.add_comment, name="add_comment"),
    path(
        "submissions/<int:pk>/comments/<int:comment_pk>/",
        comments.change_comment,
        name="change_comment",
    ),
    path(
        "submissions/<int:pk>/comments/<int:comment_pk>/remove/",
        comments.remove_comment,
        name="remove_comment",
    ),
    path("submissions/<int:pk>/claims/<int:claim_pk>/places/", places.places, name="places"),
    path(
        "submissions/<int:pk>/claims/<int:claim_pk>/places/<int:anchor_pk>/remove/",
        places.remove_place,
        name="remove_place",
    ),
    path("feedback-bank/", bank.bank, name="bank"),
    path("feedback-bank/add/", bank.phrase_add, name="phrase_add"),
    path("feedback-bank/<int:pk>/", bank.phrase, name="phrase"),
    path("feedback-bank/<int:pk>/retire/", bank.phrase_retire, name="phrase_retire"),
]
