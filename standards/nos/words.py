"""Words that tell where a criterion begins and where a line only wraps."""

from __future__ import annotations

import re

# No item ends in one of these.
UNFINISHED = frozenset(
    """a an and any as because between both each either every from including into its nor of
    or our own such than the their those until whether which while whose your
    a'r ac ag ar dros eich eu fel gan gyda i mewn neu o yn yr y""".split()
)
# An item may end in one of these ("products that you provide services to"),
# but at the margin of a page the sentence more likely goes on.
LEANING = frozenset(
    """about after against are at before by can could during for has have if in is may must not
    on onto over per shall should so that these this through to under up upon use using via was
    were when where who will with within without would""".split()
)
# A line that begins with one of these goes on from the line above.
GOES_ON = frozenset(
    """and are as at be been being but by from has have in including into is nor of on or than
    that their them these to upon was were where which while who whom whose will with within
    ac neu sy sydd""".split()
)
# The verbs that performance criteria mostly begin with.
VERBS = frozenset(
    """accept access accurately achieve acknowledge act adapt adhere adjust adopt advise agree align
    allocate allow alternate amend analyse answer anticipate apply appraise approach arrange ask
    assemble assess assist attach attend balance be brief bring build calculate calibrate carry
    challenge check choose clarify clean clear close coach collaborate collate collect combine
    comment communicate compare compile complete comply conduct confirm connect conserve consider
    construct consult contact contribute control cooperate co-operate coordinate co-ordinate cover
    create cut deal decide define deliver demonstrate describe design detect determine develop
    diagnose direct disconnect discuss dismantle display dispose distribute document draft draw
    drive dry edit effectively employ empower enable encourage engage ensure enter establish
    estimate evaluate examine execute explain explore extract feed fill find finish fit follow
    form formulate gain gather generate get give greet guide handle hand help hold identify
    implement improve incorporate inform influence initiate inspect install instruct interpret
    introduce investigate invite involve isolate issue join judge justify keep label lay lead
    leave level liaise lift link listen load locate log look loosen lower lubricate maintain make
    manage mark match measure meet mix model monitor motivate mount move negotiate note notify
    observe obtain offer open operate optimise order organise overcome pack paint park participate
    pass perform place plan position practise prepare present preserve prevent prioritise process
    produce program promote promptly propose protect provide pull purchase push put question raise
    reach react read reassure receive recognise recommend reconcile record recover reduce refer
    reflect refuse regularly regulate reinforce reinstate release remain remove renew repair repeat
    replace replenish report represent request research resolve respect respond restore restrict
    retain retrieve return review rinse safely schedule search seal seek select sell send serve set
    share show sign sort source specify start steer stop store style supervise supply support take
    tell test track train transfer transport treat turn undertake understand update upload use
    utilise validate verify wash watch wear weigh welcome where work write""".split()
)
# Of these, the ones that a wrapped line may well begin with as a noun.
ALSO_NOUNS = frozenset(
    """access advise approach balance benefit brief challenge change check coach comment contact
    control cover cut deal design document draft drive exercise feed fit help influence issue
    label lead level lift load lock log look mark match measure model monitor move note offer
    order pack pass plan position practise present process program purchase question reach
    record report request research return review risk sample search set share show sign source
    stop store style supply support target test time track train transport turn use walk wash
    watch work""".split()
)
# How items of knowledge mostly begin.
KNOWLEDGE_STARTS = frozenset(
    """how why what when where who which the your types methods ways reasons importance different
    current relevant legal legislation organisational procedures principles safe factors sources
    any basic common any potential sut pam beth pryd ble pwy y yr""".split()
)
# "Regulation 18. ", "at least 2. ": the number belongs to the sentence.
BEFORE_A_NUMBER = frozenset(
    """regulation regulations section sections part parts article articles act schedule figure
    fig table annex appendix chapter level levels step stage unit units element elements page
    pages least most than within about approximately every over minimum maximum between year
    years aged class category grade type clause paragraph paragraphs no number numbers version
    criterion criteria zone band room bay gate line route form rheoliad adran rhan""".split()
)


BEFORE_A_CODE = frozenset("in see criterion criteria item items standard and or to with".split())

CLOSED = (".", ";", "!", "?")
# "in line with", "according to": no sentence ends so, though many end in "with" or "to".
PAIRS = re.compile(
    r"\b(?:(?:line|accordance|compliance|conformity|conjunction|consultation|keeping|comply|"
    r"complies|complying) with|(?:according|relating|related|prior|conform|conforms|conforming|"
    r"due) to|such as)$",
    re.IGNORECASE,
)
# Of LEANING, what closes no sentence; "the people you work with" and "who they are" do.
NEEDS_MORE = frozenset("after against during if onto per upon using via within without".split())


def first_word(text: str) -> str:
    head = text.lstrip("\"'“‘([").split(None, 1)
    return head[0].strip(",.;:!?)]\"'”’").casefold() if head else ""


def last_word(text: str) -> str:
    tail = text.rsplit(None, 1)
    return tail[-1].strip(",.;:!?(\"'“‘").casefold() if tail else ""


def unfinished(text: str) -> bool:
    """Does the line surely break off in the middle of a sentence?"""
    if text.endswith((",", "-", "–", "—", "/", "(", "&")):
        return True
    if text.endswith(CLOSED):
        return False
    return last_word(text) in UNFINISHED or PAIRS.search(text[-40:]) is not None


def leaning(text: str) -> bool:
    """Does the line end in a word that mostly has another after it?"""
    return not text.endswith(CLOSED) and last_word(text) in LEANING
