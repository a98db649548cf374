"""A report printed part by part: only what changed since it was last printed is laid out again.

HTML → parts → what the cache has, and the rest by several processes → the front, which tells the
pages of all others → one document with its foot.
"""
