"""Hiding people and words in evidence: what was marked, the copy, and the copy's place.

The row of a Redaction is the truth. A worker makes the copy (`making`, by `files.redaction` in
a process of its own); then, in one transaction, it takes the original's place in every version
of the item, and in the portfolio's other items with the same bytes
(`portfolio.actions.redactions`).
"""
