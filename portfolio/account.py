"""The learner's account of what was done: typed in a small part of Markdown, kept beside its HTML.

Paragraphs, lists, bold and italics. Headings, links, pictures and HTML stay the letters that
were typed, so nothing in an account can lead anywhere or imitate the page around it.
"""

import nh3
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "ul", "ol", "li", "strong", "em"}
_ATTRIBUTES = {"ol": {"start"}}
_RULES = ["list", "emphasis", "newline", "escape"]

# "breaks": somebody who presses Enter on a phone means a new line.
_markdown = MarkdownIt("zero", {"breaks": True}).enable(_RULES)


def render(account: str) -> str:
    """The account as HTML that is safe to put on a page; empty for an empty account."""
    html = _markdown.render(account.strip())
    # The rules above let no HTML through; this holds even if a rule is added that does.
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES).strip()
