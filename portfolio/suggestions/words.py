"""Words down to what they have in common: “communicated”, “communication”, “communicates”."""

import re
from collections.abc import Iterator
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")

# What stands in nearly every sentence, and in nearly every criterion, and tells nothing.
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any are as at be because been before being between
    both but by can could did do does doing done down during each either etc even every few first
    for from further get gets getting give given go goes going good got had has have having he her
    here hers him his how i if in into is it its itself just like made make makes making many may me
    might more most much must my myself need never new no nor not now of off often on once one only
    onto or other others our out over own per put quite rather really said same say second see she
    should so some something such take taken than that the their them then there these they thing
    things this those three through to too took towards two under until up upon us use used uses
    using very was way we well went were what when where whether which while who whom whose why will
    with within without would you your yours
    including relevant appropriate ensure required require provide provided carried activities
    activity part identify
    """.split()
)

# What people write at work, and the words the standards use for it.
EVERYDAY_WORDS = {
    "rang ring phoned phone called call telephoned": "communicate contact",
    "emailed email texted wrote": "communicate contact",
    "spoke talked chatted told replied answered listened": "communicate",
    "asked questions question": "communicate explore",
    "complained complaint complaints moaned": "criticism dissatisfied feedback",
    "angry upset unhappy cross annoyed furious disappointed": "dissatisfied criticism feelings",
    "happy pleased delighted satisfied": "satisfaction",
    "survey questionnaire review reviews comments comment rating": "feedback",
    "fixed sorted solved repaired replaced refunded refund mended": "solutions resolve",
    "suggested recommended suggestion idea": "propose ideas",
    "boss manager supervisor director management": "authority decision makers",
    "team workmate workmates teammate staff crew": "colleagues team",
    "regular regulars repeat returning loyal": "loyalty longer term",
    "wanted hoped hoping expecting wishes wish": "expectations needs",
    "facebook instagram twitter tiktok whatsapp": "social media internet",
    "online website web internet": "social media internet",
    "law laws gdpr regulations privacy safety confidentiality": "legal codes practice policies",
    "rules procedure procedures policy": "policies codes practice",
    "newsletter leaflet brochure offers": "informed products",
    "haggled bargained compromise middle deal": "negotiate compromises balance",
    "instead substitute swap": "alternative",
    "late delayed delay broken sold": "unexpected circumstances",
    "cheaper price cost costs expensive money": "costs",
    "reckoned guessed worked": "estimate assess",
    "calm calmed calming soothed": "defuse stressful",
    "promise promised guarantee": "promises",
}

# Endings, longest first, and how much of the word must be left without them.
ENDINGS = (
    ("ations", 4), ("ation", 4), ("ments", 4), ("ment", 4), ("ships", 4), ("ship", 4),
    ("ings", 4), ("ing", 3), ("ions", 4), ("ion", 4), ("isms", 4), ("ism", 4), ("ies", 3),
    ("ied", 3), ("edly", 4), ("ed", 3), ("ly", 4), ("es", 4), ("al", 5), ("ty", 4),
)  # fmt: skip
LAST = (("at", 5), ("is", 4), ("iz", 4), ("e", 3), ("y", 4), ("i", 4))


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The part of an English word that its forms share, roughly; never shown to anybody."""
    word = word.lower().replace("’", "'").removesuffix("'s")
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        word = word[:-1]
    for table in (ENDINGS, ENDINGS, LAST, LAST, LAST):
        word = _without_ending(word, table)
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]  # planned, plan
    return word


def _without_ending(word: str, endings: tuple[tuple[str, int], ...]) -> str:
    for ending, left in endings:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            return word[: -len(ending)]
    return word


def telling_words(text: str) -> Iterator[str]:
    """The words that tell something, as they were written."""
    for found in WORD.finditer(text):
        word = found.group()
        if len(word) > 2 and word.lower() not in STOP_WORDS:
            yield word


@lru_cache(maxsize=1)
def everyday_stems() -> dict[str, tuple[str, ...]]:
    """The stem of each everyday word, and the stems of what it stands for."""
    return {
        stem(word): tuple(stem(each) for each in meanings.split())
        for words, meanings in EVERYDAY_WORDS.items()
        for word in words.split()
    }
