"""Which pages lie in the store? The front page, and one for each uploaded draft, so that they open from a folder too.

Belongs here: their keys, and writing them. Does not belong here: what they say and how they look. The pages are views
of the store: made again from the same store they are the same bytes, and no run's manifest names them.
"""

from __future__ import annotations

from config.partnership import Partnership
from tasks.front_page.page import front_page, uploaded_page
from tasks.front_page.reading import seen
from tasks.front_page.uploaded import outcome_key, taken, title_of
from tasks.review.uploads import REVIEWS, review_of
from tasks.store import ABSENT, Conflict, Missing, ObjectStore
from tasks.store.contract import Expected

KEY = "index.html"
"""Where the front page lies in a store."""
HTML = {"content-type": "text/html"}
MOST_TRIES = 50
"""How often the front page is made anew because somebody else put theirs in between."""


def put_pages(store: ObjectStore, partnership: Partnership) -> None:
    """Write the page of every upload that has none yet, then the front page; what says the same stays as it is."""
    look = partnership.profile.look
    kept = [one.key for one in store.list(f"{REVIEWS}uploads/")]
    for one in taken(store, kept):
        key = outcome_key(one.sha256)
        if key not in kept:
            checked = review_of(store, one) if one.review else None
            page = uploaded_page(one, checked, title_of(partnership, one), partnership.profile.name, look)
            store.put(key, page.encode(), about=HTML)
    _put_front_page(store, partnership)


def _put_front_page(store: ObjectStore, partnership: Partnership) -> None:
    """Put it on top of the version that lay there before the store was looked through, or look again.

    Of two who write at once, the slower one would else put a page that lacks what the other has just told.
    """
    for attempt in range(MOST_TRIES):
        before = _version(store)
        page = front_page(seen(store, partnership), partnership.profile.look).encode()
        try:
            store.put(KEY, page, about=HTML, expected=before)
            return
        except Conflict:
            if attempt == MOST_TRIES - 1:
                raise


def _version(store: ObjectStore) -> str | Expected:
    try:
        return store.describe(KEY).version
    except Missing:
        return ABSENT
