"""Exact places in evidence: their shapes, the text they stand in, what becomes of them."""
