"""The order of things: which stage follows which, when, and for whom; and the command line over it.

Belongs here: Prefect flows, what they tell people, the temporary server of a single run. Does not belong here: work on
figures (``tasks``). No file here may carry the name of a top-level folder or of a standard-library module: Prefect
loads a flow file under its bare stem, and such a file would hide the other.
"""
