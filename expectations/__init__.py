"""What a good source looks like: one suite of checks a kind of source, as YAML, and their strict loader.

Belongs here: the checks, in words that the people who send a source understand, and what may stand in a suite.
Does not belong here: running them (``tasks.validate``), and anything that names a partnership or its sources.
"""
