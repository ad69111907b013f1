"""Layouts of what the project writes: Word drafts and quality pages. Data, and the scripts that build it."""
