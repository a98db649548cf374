"""Files that would run a script, were they opened as something else than we say they are.

Each, if it runs, changes the title, opens a dialog, writes to the console and asks for an address.
"""

import io

import pikepdf

from tests.files import samples

RAN = "the script ran"
SCRIPT = f"document.title='{RAN}';console.log('{RAN}');fetch('/ran');alert('{RAN}')"
TAG = f"<script>{SCRIPT}</script>"

SVG = (
    f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}">'
    f"<script>{SCRIPT}</script><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>"
    f"{TAG}</body></foreignObject></svg>"
).encode()
PAGE = f'<!doctype html><title>A page</title><img src=x onerror="{SCRIPT}">{TAG}'.encode()
SHEET = (
    '<xsl:stylesheet id="sheet" version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
    'xmlns="http://www.w3.org/1999/xhtml"><xsl:template match="/"><html><body>'
    f"{TAG}</body></html></xsl:template></xsl:stylesheet>"
)
STYLED = (
    '<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#sheet"?>'
    f"<!DOCTYPE a [<!ATTLIST xsl:stylesheet id ID #REQUIRED>]><a>{SHEET}</a>"
).encode()
XHTML = (
    f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{TAG}</body></html>'
).encode()


def pdf_that_acts() -> bytes:
    """A sound PDF with an action on opening, and a page behind its end."""
    out = io.BytesIO()
    document = pikepdf.new()
    document.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"app.alert('{RAN}')")
    document.Root.OpenAction = action
    document.save(out)
    return out.getvalue() + f"\n<!-- --><html>{TAG}</html>".encode()


def gif_that_is_a_script() -> bytes:
    """`GIF89a` is also a name, and what follows can be made a comment and an assignment."""
    gif = bytearray(samples.picture("GIF", size=(0x2A2F, 1)))  # the width reads `/*`
    return bytes(gif) + f"*/=1;{SCRIPT};//".encode()


def jpeg_with_a_page() -> bytes:
    return samples.picture("JPEG", comment=PAGE)


def text_with_a_page() -> bytes:
    return b"My notes of the day.\n" + PAGE


def table_with_a_page() -> bytes:
    return b"name,notes\nAnn," + PAGE
