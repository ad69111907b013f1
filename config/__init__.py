"""What a partnership is, as data, and the one typed door through which that data is read.

Belongs here: the model of a configuration, its strict reader, the settings of this machine, and the configurations
themselves. Does not belong here: anything that reads what partners send, or that needs pandas, Prefect or Word.
"""

__version__ = "0.1.0"
