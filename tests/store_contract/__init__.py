"""One contract, every store: the same tests for a folder and for a real S3 server, over http and over https."""
