"""What is flagged between two learners' evidence, and what is not."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from files import store
from files.models import Preview, PreviewPart
from portfolio.actions.likenesses import compare, forget_likenesses
from portfolio.actions.redactions import hide_in_account
from portfolio.likeness import finding, queue, sources, tasks
from portfolio.models import Comparison, EvidenceVersion, Likeness, Sketch, SketchValue
from standards.models import Criterion, Edition
from tests.factories import make_cast, make_edition, make_member
from tests.portfolio.likeness.conftest import Learner, drawing, prepared, prose, saved

ONE = prose(1)


def test_the_same_account_raises_one_flag_with_both_sides(amira, tom, flags):
    first = amira.hands_in(ONE)
    second = tom.hands_in(ONE)
    (flag,) = flags()
    assert flag.kind == Likeness.Kind.TEXT
    assert (flag.version, flag.other_version) == (second, first)
    assert (flag.file, flag.other_file, flag.share) == (None, None, 1.0)


def test_compared_again_it_is_not_flagged_again(amira, tom, flags):
    first, second = amira.hands_in(ONE), tom.hands_in(ONE)
    compare(first)
    compare(second)
    (flag,) = flags()
    assert flag.version == second
    assert Sketch.objects.count() == 2


def test_nearly_the_same_account(amira, tom, flags):
    amira.hands_in(ONE)
    changed = ONE.split()
    changed[::12] = ["otherwise"] * len(changed[::12])
    tom.hands_in(" ".join(changed))
    (flag,) = flags()
    assert 0.3 < flag.share < 1


def test_one_s_own_words_are_never_flagged(amira, flags):
    amira.hands_in(ONE)
    amira.hands_in(ONE)
    assert flags() == []


def test_other_words_raise_nothing(amira, tom, flags):
    amira.hands_in(ONE)
    tom.hands_in(prose(2))
    assert flags() == []


def test_very_short_texts_raise_nothing(amira, tom, flags):
    amira.hands_in("I served the customer and gave her the right change.")
    tom.hands_in("I served the customer and gave her the right change.")
    assert flags() == []


def test_a_draft_is_not_compared(amira, tom, flags):
    amira.hands_in(ONE)
    version = tom.hands_in(prose(2))
    EvidenceVersion.objects.filter(pk=version.pk).update(submitted_at=None, account_html=ONE)
    tasks.compare_version(version.pk)
    assert flags() == []


def test_nothing_is_compared_across_centres(amira, flags):
    amira.hands_in(ONE, ("photo.jpg", saved(drawing(1))))
    elsewhere = make_cast("Southbank Training")
    stranger = Learner(elsewhere, elsewhere.learner, make_edition(), elsewhere.assessor)
    stranger.hands_in(ONE, ("photo.jpg", saved(drawing(1))))
    assert flags() == []


def test_the_same_file(amira, tom, flags):
    photo = saved(drawing(1))
    first = amira.hands_in("", ("mine.jpg", photo))
    second = tom.hands_in("", ("also-mine.jpg", photo))
    (flag,) = flags()
    assert flag.kind == Likeness.Kind.SAME_BYTES
    assert (flag.file, flag.other_file) == (second.files.get(), first.files.get())


def test_nearly_the_same_picture(amira, tom, flags):
    amira.hands_in("", ("mine.jpg", saved(drawing(1))))
    tom.hands_in("", ("also-mine.png", saved(drawing(1).resize((500, 375)), "PNG")))
    tom.hands_in("", ("other.jpg", saved(drawing(2))))
    (flag,) = flags()
    assert flag.kind == Likeness.Kind.PICTURE
    assert flag.share > 0.8


def test_the_text_of_a_file_like_an_account(amira, tom, flags):
    amira.hands_in(ONE)
    second = tom.hands_in("", ("notes.txt", f"My notes. {ONE}".encode()))
    (flag,) = flags()
    assert (flag.file, flag.other_file) == (second.files.get(), None)


def test_a_text_that_a_disk_lost_stops_no_comparison(amira, tom, flags):
    first = amira.hands_in("", ("notes.txt", ONE.encode()))
    part = PreviewPart.objects.get(preview__blob=first.files.get().blob)
    store.place_of(part.blob.sha256).unlink()
    compare(first)
    assert Comparison.objects.get(version=first).done_at
    tom.hands_in(ONE)
    assert flags() == []


def test_a_file_that_is_prepared_later_is_compared_later(amira, tom, flags):
    amira.hands_in(ONE)
    version = tom.hands_in("", ("notes.txt", ONE.encode()))
    Likeness.objects.all().delete()
    file = version.files.get()
    Preview.objects.filter(blob=file.blob).update(status=Preview.Status.QUEUED)
    compare(version)
    assert flags() == []
    assert Comparison.objects.get(version=version).done_at is None
    prepared(file, ONE)
    compare(version)
    assert len(flags()) == 1
    assert Comparison.objects.get(version=version).done_at


def test_the_words_of_the_standard_are_everybodys(cast, flags):
    text = prose(30, 60)
    standard = make_edition().standard
    edition = Edition.objects.create(
        standard=standard, title="Serve", version="2", approved_on="2024-01-01"
    )
    Criterion.objects.create(edition=edition, kind="performance", code="P1", text=text, order=1)
    Edition.objects.filter(pk=edition.pk).update(published_at=timezone.now())
    one = Learner(cast, cast.learner, edition, cast.assessor)
    other = Learner(cast, cast.second_learner, edition, cast.assessor)
    one.hands_in(f"{text} {prose(31)}")
    other.hands_in(f"{text} {prose(32)}")
    assert flags() == []


def test_each_of_many_copies_is_flagged_with_each(cast, edition, amira, tom, flags):
    third = Learner(cast, make_member(cast.centre, "learner", "Jo Lewis"), edition, cast.assessor)
    for learner in (amira, tom, third):
        learner.hands_in(ONE)
    assert len(flags()) == 3


def test_what_everybody_has_does_not_swamp_the_list(cast, edition, amira, tom, flags):
    photo = saved(drawing(1))
    for _ in range(25):
        amira.hands_in("", ("form.jpg", photo))
    tom.hands_in("", ("form.jpg", photo))
    assert len(flags()) == finding.FLAGS_EACH


def test_of_an_item_s_versions_the_likest_is_named(amira, tom, flags):
    first = amira.hands_in(ONE)
    EvidenceVersion.objects.filter(pk=first.pk).update(status=EvidenceVersion.Status.RETURNED)
    second = EvidenceVersion.objects.create(
        evidence=first.evidence,
        number=2,
        status=EvidenceVersion.Status.SUBMITTED,
        submitted_at=timezone.now(),
        title=first.title,
        method=first.method,
        gathered_on=first.gathered_on,
        account=ONE,
        account_html=first.account_html,
    )
    compare(second)
    tom.hands_in(ONE)
    (flag,) = flags()
    assert flag.other_version == second


def test_when_something_is_hidden_nothing_of_it_stays(
    amira, tom, flags, django_capture_on_commit_callbacks
):
    version = amira.hands_in(ONE, ("photo.jpg", saved(drawing(1))))
    tom.hands_in(ONE, ("photo.jpg", saved(drawing(1))))
    assert len(flags()) == 2
    with django_capture_on_commit_callbacks() as afterwards:
        forget_likenesses(version.evidence)
    assert flags() == []
    assert not Sketch.objects.filter(version=version).exists()
    assert Comparison.objects.get(version=version).done_at is None
    assert len(afterwards) == 1


def test_a_sketch_of_a_file_that_was_replaced_finds_nothing(amira, tom, flags):
    """Until the redacted copy is sketched, the original's sketch is worth nothing."""
    version = amira.hands_in("", ("photo.jpg", saved(drawing(1))))
    copy = tom.hands_in("", ("other.jpg", saved(drawing(2)))).files.get()
    version.files.update(blob=copy.blob)
    Likeness.objects.all().delete()
    tom.hands_in("", ("near.png", saved(drawing(1), "PNG")))
    assert flags() == []


def test_submitting_sends_it_and_what_the_broker_lost_is_sent_again(
    cast, amira, monkeypatch, django_capture_on_commit_callbacks
):
    sent: list[int] = []
    monkeypatch.setattr(queue, "send", lambda ids, task="": sent.extend(ids))
    with django_capture_on_commit_callbacks(execute=True):
        version = amira.hands_in(ONE)
    assert sent == [version.pk]
    tasks.compare_what_waits()
    assert sent == [version.pk]  # it has been compared
    Comparison.objects.all().delete()
    tasks.compare_what_waits()
    assert sent == [version.pk] * 2


def test_a_version_that_is_gone_is_no_error(db):
    tasks.compare_version(0)


def test_the_few_queries_do_not_grow_with_the_centre(amira, tom):
    version = amira.hands_in(ONE)
    with CaptureQueriesContext(connection) as few:
        compare(version)
    for seed in range(40, 50):
        tom.hands_in(prose(seed))
    with CaptureQueriesContext(connection) as many:
        compare(version)
    assert len(many) == len(few)


def test_hidden_words_leave_no_sketch_and_no_flag(
    amira, tom, flags, django_capture_on_commit_callbacks
):
    version = amira.hands_in(ONE)
    before = set(Sketch.objects.get(version=version).values.values_list("value", flat=True))
    tom.hands_in(ONE)
    marks = [{"start": 0, "end": len(version.account)}]
    hide_in_account(version=version, marks=marks, by=amira.user)
    assert flags() == []
    version.refresh_from_db()
    compare(version)
    left = SketchValue.objects.filter(sketch__version=version).values_list("value", flat=True)
    assert not before & set(left)
    assert flags() == []


def test_words_hidden_while_they_were_being_read_are_not_kept(amira, monkeypatch):
    version = amira.hands_in(ONE)
    read = sources.sources_of

    def slowly(of):
        found = list(read(of))
        EvidenceVersion.objects.filter(pk=of.pk).update(account_html="<p>Masked.</p>")
        return found

    monkeypatch.setattr(sources, "sources_of", slowly)
    compare(version)
    assert not Sketch.objects.exists()
