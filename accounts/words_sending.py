"""The sentences that static/js/upload and static/js/outbox say."""

from django.utils.translation import gettext as _


def sending_words() -> dict[str, str]:
    return _of_files() | _of_the_outbox() | _of_capturing()


def _of_files() -> dict[str, str]:
    return {
        "GB": _("{size} GB"),
        "queued": _("Waiting its turn"),
        "percentSpeed": _("{percent} % sent, {speed} a second, {left}"),
        "secondsLeft": _("{count} s left"),
        "minutesLeft": _("{count} min left"),
        "hoursLeft": _("{count} h left"),
        "pause": _("Pause"),
        "resume": _("Go on"),
        "paused": _("Paused. What was sent so far is safe."),
        "noSignal": _("Waiting for signal. It goes on by itself."),
        "serverQuiet": _("The server does not answer just now. It goes on by itself."),
        "noRoom": _("There is no room for this file. See above how much is left."),
        "leftBefore": _("Left from an earlier form. Use it here?"),
        "leftBeforeNamed": _("Left from an earlier form: {name}. Use it here?"),
        "useIt": _("Use it"),
        "removeIt": _("Remove it"),
        "chooseAgain": _("Not all of it was sent. Choose the same file again to go on."),
    }


def _of_the_outbox() -> dict[str, str]:
    return {
        "unsentOne": _("1 capture is not sent yet"),
        "unsentMany": _("{count} captures are not sent yet"),
        "unsentSignedOut": _("Sign in to send what waits on this device: {count}"),
        "unsentFile": _("1 file of a form is not sent yet"),
        "unsentFiles": _("{count} files of forms are not sent yet"),
        "outSent": _(
            "Not sent yet: {count}. It stays on this device and nobody else sees it here, but it "
            "can only be sent once you sign in on this device again."
        ),
        "outFiles": _("Files of forms not sent yet: {count}. They are removed from this device."),
        "outMarks": _(
            "Feedback not saved yet: {count}. It is removed from this device and can't be got back."
        ),
        "outNow": _("Sign out now?"),
        "untitled": _("Captured {when}"),
        "bytesLost": _("It is no longer on this device. Take it out, then send the rest."),
        "sentAs": _("It is now number {number} of your evidence."),
        "openIt": _("Open it"),
        "goOnWriting": _("Go on with it"),
        "staysHere": _("Nothing is lost. It stays here until you send it or delete it."),
        "delete": _("Delete"),
        "saveCopy": _("Save a copy"),
        "takeOut": _("Take out"),
    }


def _of_capturing() -> dict[str, str]:
    return {
        "record": _("Record your voice"),
        "recording": _("Stop recording ({time})"),
        "recordingCut": _(
            "The recording stopped by itself. What was recorded until then is kept. Record again "
            "to go on."
        ),
        "recordingEmpty": _("Nothing was recorded. Try again."),
        "recordingFull": _(
            "This device could not keep more of the recording, so it stopped. What was recorded "
            "until then is kept."
        ),
        "recovered": _(
            "This recording was cut off when the page closed. What was recorded until then is "
            "kept here, and you can play it."
        ),
        "noMicrophone": _(
            "The microphone can't be used. Allow it in your browser's settings, or choose a file."
        ),
        "kept": _("{name} is kept on this device."),
        "noSpace": _(
            "There is no room for {name} on this device. What you kept before is safe. Send what "
            "waits, or delete things you do not need, then try again."
        ),
        "notKept": _("{name} could not be kept on this device. Try again, or choose another file."),
        "tooLargeNamed": _("{name} is too large to send. A file can be up to {size}."),
        "text": _("What you wrote"),
        "nothingYet": _("Add a photo, a film, a recording or a few words first."),
        "inOutbox": _("Kept in your outbox. It is sent as soon as there is signal."),
        "deviceShort": _(
            "This device is nearly full: {size} left for captures. Send what waits before you "
            "film more."
        ),
        "deviceMayForget": _(
            "This browser may delete what is not sent yet when the device runs short of space. "
            "Send it as soon as you can."
        ),
        "deviceKeepsNothing": _(
            "This browser can't keep anything on this device (a private window does that). "
            "Add evidence the usual way instead."
        ),
        "nobodyHere": _(
            "Sign in on this device once while you have signal. From then on you can capture "
            "without."
        ),
    }
