"""``python -m flows`` is ``assure``: the same command where its script is not on the path."""

from flows.command_line import main

main()
