from django.urls import path

from portfolio.views import originals, redactions

urlpatterns = [
    path("evidence/<int:pk>/versions/<int:number>/hide/", redactions.choose, name="hide"),
    path(
        "evidence/<int:pk>/versions/<int:number>/hide/account/",
        redactions.hide_account,
        name="hide_account",
    ),
    path("files/<int:pk>/hide/", redactions.hide_file, name="hide_file"),
    path("redactions/", originals.redactions, name="redactions"),
    path("redactions/<int:pk>/", redactions.redaction, name="redaction"),
    path("redactions/<int:pk>/retry/", redactions.retry, name="redaction_retry"),
    path("redactions/<int:pk>/original/", originals.original, name="original"),
]
