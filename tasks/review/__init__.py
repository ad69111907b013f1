"""Review: what became of a draft that people edited, and how does it go on from there?

Belongs here: reading an edited document back, bringing its figures up to date without touching anybody's words, and the
clean copy for publication. Does not belong here: making a draft (``tasks.assemble``).
"""
