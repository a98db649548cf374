from django.urls import include, path

from assessments.urls_plans import urlpatterns as plan_patterns
from assessments.views import ahead, marking, overview, queue, sign_offs, spreadsheets, submitting

app_name = "assessments"

urlpatterns = [
    path("queue/", queue.queue, name="queue"),
    path("caseload/", queue.caseload, name="caseload"),
    path("caseload/matrix/", overview.matrix, name="matrix"),
    path("overview/", overview.overview, name="overview"),
    path("overview/matrix/", overview.centre_matrix, name="centre_matrix"),
    path("overview/spreadsheets/", spreadsheets.spreadsheets, name="spreadsheets"),
    path("overview/spreadsheets/<str:sheet>/", spreadsheets.spreadsheet, name="spreadsheet"),
    path("evidence/<int:pk>/submit/", submitting.submit, name="submit"),
    path("submissions/<int:pk>/", marking.submission, name="submission"),
    path("submissions/<int:pk>/ahead/", ahead.ahead, name="ahead"),
    path("submissions/<int:pk>/claims/<int:claim_pk>/", marking.judge, name="judge"),
    path("submissions/<int:pk>/feedback/", marking.feedback, name="feedback"),
    path("submissions/<int:pk>/actions/", marking.add_action, name="add_action"),
    path(
        "submissions/<int:pk>/actions/<int:action_pk>/remove/",
        marking.remove_action,
        name="remove_action",
    ),
    path("submissions/<int:pk>/accept/", marking.accept, name="accept"),
    path("submissions/<int:pk>/return/", marking.return_, name="return"),
    path("enrolments/<int:pk>/sign-off/", sign_offs.sign_off, name="sign_off"),
    path("countersignatures/", sign_offs.countersignatures, name="countersignatures"),
    path("sign-offs/<int:pk>/", sign_offs.sign_off_detail, name="sign_off_detail"),
    path("sign-offs/<int:pk>/countersign/", sign_offs.countersign, name="countersign"),
    path(
        "sign-offs/<int:pk>/refuse/",
        sign_offs.refuse_countersignature,
        name="refuse_countersignature",
    ),
    path("", include("assessments.urls_decisions")),
    path("", include("assessments.urls_feedback")),
    path("", include("assessments.urls_records")),
    path("", include("assessments.urls_outcomes")),
    *plan_patterns,
]
