"""What can be seen of a file without downloading it."""

from files.previews.asking import ask, ask_each, text_of

__all__ = ["ask", "ask_each", "text_of"]
