"""Finding the same or nearly the same in two learners' portfolios of one centre.

A *sketch* of each text and picture is kept once evidence is submitted; a new one is compared
with those that share some of its values, and then by what really stands there. What is found
is a Likeness: a flag for assessors and quality assurers, never a verdict.
"""
