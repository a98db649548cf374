"""Every mark with every heading, width and page footer: the same criteria come out."""

import textwrap
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from standards.nos import read_text

TITLE, URN = "Support individuals to keep warm", "SCDHSC0777"
PERFORMANCE = {
    "Find out what individuals need": [
        "ask the individual how warm they like their home to be",
        "check that heating appliances are safe to use",
        "comply with the requirements of Regulation 18 and the Gas Safety Regulations 1998",
        "agree with the individual and key people how they will keep warm during very cold "
        "weather and who will help them to do this",
    ],
    "Help individuals to keep warm": [
        "encourage the individual to move about as much as they can",
        "report signs of hypothermia to the relevant person within 2 hours",
        "keep records that are complete, accurate and legible",
    ],
}
KNOWLEDGE = [
    "why older people are at greater risk from the cold than other adults",
    "how to obtain grants and benefits that individuals may be entitled to",
    "legal and organisational requirements on confidentiality and data protection that apply "
    "to your work role and to the information you record",
    "the signs of hypothermia",
]
HEADINGS = [
    ("Performance criteria", "You must be able to:", "Knowledge and understanding", "You need to "),
    ("PERFORMANCE CRITERIA", "", "KNOWLEDGE AND UNDERSTANDING", ""),
    ("", "You must be able to:", "", "You need to know and understand:"),
    (
        "2. Performance criteria",
        "The individual must be able to",
        "3. Knowledge and understanding",
        "",
    ),
    ("## Performance criteria", "*You must be able to:*", "## Knowledge and understanding", ""),
    ("Performance\ncriteria", "You must be able to:", "Knowledge and\nunderstanding", ""),
    ("Meini perfformiad", "Rhaid i chi allu:", "Gwybodaeth a dealltwriaeth", ""),
]
LABELS = (
    "{k}{n} |{k}{n}. |{k}{n}\t|{k} {n} |{k}0{n} |{k}{n}: |({k}{n}) |{k}{n} - |{k}{n}|{k}{n}\n|"
    "{n}. |{n}) |({n}) |{n} |{n}.\t|{n}.\n|1. |• |•|- |* |– |o |{a}) |({a}) "
).split("|")


@dataclass(frozen=True)
class Layout:
    label: str
    headings: tuple[str, str, str, str]
    width: int = 0
    hang: int = 0
    indent: int = 0
    end: str = ""
    capitals: bool = False
    airy: bool = False
    knowledge_first: bool = False
    footer_every: int = 0

    def item(self, letter: str, number: int, text: str) -> list[str]:
        label = self.label.format(k=letter, n=number, a=chr(96 + number))
        text = (text[0].upper() + text[1:] if self.capitals else text) + self.end
        if label.endswith("\n"):
            return [label.strip(), *self.wrap("", text)]
        return self.wrap(label, text)

    def wrap(self, label: str, text: str) -> list[str]:
        if not self.width:
            return [" " * self.indent + label + text]
        wrapped = textwrap.wrap(
            text, self.width, initial_indent=label, subsequent_indent=" " * self.hang
        )
        return [" " * self.indent + line for line in wrapped]

    def items(self, letter: str, texts: list[str], first: int) -> list[str]:
        lines: list[str] = []
        for number, text in enumerate(texts, first):
            lines += self.item(letter, number, text) + [""] * self.airy
        return lines

    def performance(self) -> list[str]:
        lines = [self.headings[0], ""] if self.headings[0] else []
        number = 1
        for group, texts in PERFORMANCE.items():
            lines += [group] + [self.headings[1]] * bool(self.headings[1])
            lines += [*self.items("P", texts, number), ""]
            number += len(texts)
        return lines

    def knowledge(self) -> list[str]:
        leadin = "You need to know and understand:" if self.headings[3] else ""
        lines = [line for line in (self.headings[2], leadin) if line]
        return [*lines, "", *self.items("K", KNOWLEDGE, 1), ""]

    def text(self) -> str:
        lists = [self.performance(), self.knowledge()]
        if self.knowledge_first:
            lists.reverse()
        about = "This standard is about keeping warm. It is for everyone who does this work."
        lines = [f"{URN} {TITLE}", "", "Overview", "", about, "", *lists[0], *lists[1]]
        lines += ["Version number 2", "Key words warm; home"]
        return "\n".join(self.with_footers("\n".join(lines).split("\n")))

    def with_footers(self, lines: list[str]) -> list[str]:
        if not self.footer_every:
            return lines
        out: list[str] = []
        for at, line in enumerate(lines, 1):
            out.append(line)
            if at % self.footer_every == 0:
                out += ["", f"{URN} {TITLE}", str(at // self.footer_every), ""]
        return out


LAYOUTS = st.builds(
    Layout,
    label=st.sampled_from(LABELS),
    headings=st.sampled_from(HEADINGS),
    width=st.sampled_from((0, 60, 75, 90)),
    hang=st.sampled_from((0, 4)),
    indent=st.sampled_from((0, 2, 4)),
    end=st.sampled_from(("", ";", ".")),
    capitals=st.booleans(),
    airy=st.booleans(),
    knowledge_first=st.booleans(),
    footer_every=st.sampled_from((0, 17, 24)),
)


@settings(max_examples=120, deadline=None)
@given(LAYOUTS)
def test_the_same_criteria_come_out_of_every_layout(layout):
    (standard,) = read_text(layout.text())
    assert (standard.urn, standard.title) == (URN, TITLE)
    expected = [(group, text) for group, texts in PERFORMANCE.items() for text in texts]
    assert [(c.group, plain(c.text)) for c in standard.performance] == [
        (group, plain(text)) for group, text in expected
    ]
    assert [(c.group, plain(c.text)) for c in standard.knowledge] == [
        (None, plain(text)) for text in KNOWLEDGE
    ]
    assert [c.code for c in standard.performance] == [f"P{n}" for n in range(1, 8)]
    assert [c.code for c in standard.knowledge] == ["K1", "K2", "K3", "K4"]
    assert (standard.metadata.version, standard.metadata.keywords) == ("2", ("warm", "home"))
    assert standard.warnings == ()


def plain(text: str) -> str:
    return text.rstrip(".").casefold()
