"""The store: what was put under a key stays there byte for byte, and nobody's work is overwritten unseen.

Belongs here: the promises of a store (``ObjectStore``) and its two homes, a folder and anything that speaks S3; and the
inboxes, in a folder or on S3, from which files that people sent are taken. There is no delete. Does not belong here:
which keys a run writes (``tasks.run``), whose files were sent (``tasks.gather``), and what is in any of them.

Both homes keep every version of a key. A put is create-only (``expected=ABSENT``), compare-and-swap (``expected`` is a
version) or neither (``ANYTHING``); putting the bytes that are already newest changes nothing, so that a run repeated
leaves the store as it was.

=============  ======================================================================================
``contract``   what every store promises, its errors and the rules for keys
``versioned``  how every store puts
``folder``     the store in a folder
``s3_store``   the store in a bucket
``s3``         how S3 is spoken: settings, client, refusals in people's words; boto3 is known there alone
``probe``      what a store really keeps of its promises
``inbox``      files that people put somewhere by any name
``addresses``  which of these an address means
=============  ======================================================================================
"""

from tasks.store.addresses import open_inbox, open_store
from tasks.store.contract import (
    ABSENT,
    ANYTHING,
    Conflict,
    Damaged,
    Expected,
    InvalidKey,
    Missing,
    ObjectStore,
    Promise,
    Stored,
    StoreError,
    check_key,
    get_json,
    put_json,
)
from tasks.store.folder import NOT_THERE, FolderStore
from tasks.store.inbox import Inbox, Unreadable
from tasks.store.s3 import S3Settings
from tasks.store.s3_store import S3Store

__all__ = [
    "ABSENT",
    "ANYTHING",
    "NOT_THERE",
    "Conflict",
    "Damaged",
    "Expected",
    "FolderStore",
    "Inbox",
    "InvalidKey",
    "Missing",
    "ObjectStore",
    "Promise",
    "S3Settings",
    "S3Store",
    "StoreError",
    "Stored",
    "Unreadable",
    "check_key",
    "get_json",
    "open_inbox",
    "open_store",
    "put_json",
]
