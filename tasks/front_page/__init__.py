"""Where does somebody begin who knows nothing of runs? On one page that leads to everything in the store's open part.

Belongs here: the front page, the page on an uploaded draft, and the form to upload one, as HTML. Does not belong here:
the server that hands them out (``flows.pages``), and the pages on data quality (``tasks.quality``).

============  ===========================================================================================
``told``      what the front page says, as one frozen value
``reading``   that value made from a store
``uploaded``  what became of uploaded drafts, read back from a store
``page``      each page as HTML
``keeping``   pages that lie in the store
============  ===========================================================================================
"""

from tasks.front_page.keeping import KEY, put_pages
from tasks.front_page.page import front_page, message_page, upload_page, uploaded_page
from tasks.front_page.reading import seen
from tasks.front_page.told import FrontPage

__all__ = ["KEY", "FrontPage", "front_page", "message_page", "put_pages", "seen", "upload_page", "uploaded_page"]
