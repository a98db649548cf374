from django.urls import path

from reports.bulk import views as bulk
from reports.proof import centre_views as proof
from reports.views import asking, exports, one, rules

app_name = "reports"

urlpatterns = [
    path("", exports.exports, name="list"),
    path("add/", asking.add, name="add"),
    path("many/", asking.many, name="many"),
    path("rules/", rules.rules, name="rules"),
    path("proof/", proof.take, name="proof"),
    path("<int:pk>/", one.report, name="report"),
    path("<int:pk>/download/", one.download, name="download"),
    path("<int:pk>/retry/", one.retry, name="retry"),
    path("<int:pk>/cancel/", one.cancel, name="cancel"),
    path("<int:pk>/again/", one.again, name="again"),
    path("<int:pk>/withdraw/", one.withdraw, name="withdraw"),
    path("many/<int:pk>/", bulk.bulk, name="bulk"),
    path("many/<int:pk>/cancel/", bulk.cancel, name="bulk_cancel"),
    path("many/<int:pk>/retry/", bulk.retry, name="bulk_retry"),
    path("many/<int:pk>/bucket/", bulk.deposit, name="deposit"),
    path("many/<int:pk>/bucket/<int:deposit>/cancel/", bulk.deposit_cancel, name="deposit_cancel"),
    path("many/<int:pk>/archive/", bulk.take, name="take"),
    path("many/<int:pk>/archive/<str:ticket>/", bulk.archive, name="archive"),
]
