"""What can be seen of a file without downloading it.

`ask(blob)` gives its Preview, on its way if there was none. While it is RUNNING its parts and
`facts` grow, so that the first pages or a film's poster can be shown before the rest is made;
`facts["progress"]` is then a percentage. NONE has its `reason`, a sentence for the person.

What `facts` hold, by kind:
pages    pages (of the whole file), shown (how many of them have a PAGE), cut (a bad page ended it)
picture  width, height, moves
film     duration, width, height (as seen, upright), fps, plays, note
sound    duration, plays, note
text     cut
table    sheets (of the whole file), cut
mail     from, to, cc, subject, date, cut, left_out (names of files that are not accepted)

`plays` is "original", "copy" (play the PLAYABLE part) or "no"; then `note` is a sentence that
says why. It is not there while the copy is being made.
"""

from files.previews.asking import ask, ask_each, text_of

__all__ = ["ask", "ask_each", "text_of"]
