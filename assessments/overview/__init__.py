"""Seeing the whole: an assessor's learners by units, and a centre's figures."""
