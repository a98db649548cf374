"""What somebody pasted by mistake: a hundred thousand letters, and no place to break the line."""

import re

from portfolio.models import EvidenceVersion
from reports import document
from reports.gather import gather
from tests.reports.builders import Story

PASTED = "iVBORw0KGgo+/" * 7_700


def test_a_line_can_be_broken_somewhere_in_anything(story: Story):
    EvidenceVersion.objects.filter(evidence__number=1).update(
        account=PASTED, account_html=f"<p>{PASTED} &amp; so on</p>", title=f"{PASTED[:190]}"
    )
    html = document.render(gather(story.portfolio.pk))
    text = re.sub(r"<[^>]*>", "\n", html)
    assert max(map(len, text.split())) <= 200
    assert text.replace("\n", "").count("iVBORw0KGgo") >= 7_700
    assert "<wbr>" not in " ".join(re.findall(r'alt="[^"]*"', html))
