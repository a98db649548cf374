"""Copies in which something is hidden: bytes and marks in, a flattened copy out.

A copy is made from what can be seen and heard, never by taking things out of the original: a
picture's pixels, a page's picture, a film's frames. So whatever else the original carried
(text below a page, metadata, small pictures of itself, further streams, earlier states) has no
way into it. Nothing here knows the database; strangers' files are read in a process of its own
(`files.makers.redaction`).
"""
