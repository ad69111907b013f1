"""How the flows run on hosts: what Prefect is told, and when. Nothing imports this room; it may import all others."""
