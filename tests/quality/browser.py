"""A page in a browser, as people meet it: on a phone, a screen and paper, by keyboard, and by the rules of axe-core.

Every question answers with what is wrong, so that a test can show it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.programs import CHROMIUM

PHONE, SCREEN = 375, 1280
PAPER = 680
"""The width of a page of A4 with our margins, in the browser's units."""
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def trusting(*certificates: Path) -> str:
    """A flag: these certificates, and no others, are as good as those of a known authority."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    keys = [x509.load_pem_x509_certificate(path.read_bytes()).public_key() for path in certificates]
    hashes = [sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest() for key in keys]
    return "--ignore-certificate-errors-spki-list=" + ",".join(b64encode(one).decode() for one in hashes)


def reaching(address: str, *names: str) -> str:
    """A flag: these names are at this address, as a council's own name server says."""
    return "--host-resolver-rules=" + ",".join(f"MAP {name} {address}" for name in names)


@contextmanager
def browser(*flags: str) -> Iterator[Any]:
    """One browser for many pages."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])
        yield started
        started.close()


@contextmanager
def opened(started: Any, path: Path, width: int = SCREEN, *, unfolded: bool = False) -> Iterator[Any]:
    """A page at a width, with everything that is folded opened or not."""
    page = started.new_page(viewport={"width": width, "height": 800})
    page.goto(path.as_uri())
    if unfolded:
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    yield page
    page.close()


def requests_of(started: Any, path: Path) -> list[str]:
    """What a page asks for besides itself."""
    page = started.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri(), wait_until="networkidle")
    page.close()
    return [url for url in asked if url != path.as_uri()]


def findings_of_axe(page: Any) -> list[str]:
    """What axe-core finds, by all its rules, best practices among them."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def too_wide(page: Any) -> list[str]:
    """What reaches over the right edge, though not what is put out of sight on purpose."""
    return page.evaluate(
        """() => {
          const edge = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth > edge) document.body.dataset.wide = 'yes';
          return [...document.querySelectorAll('body *')]
            .filter(one => one.getBoundingClientRect().right > edge + 1 && one.checkVisibility())
            .map(one => one.outerHTML.slice(0, 100))
            .concat(document.body.dataset.wide ? ['the page scrolls sideways'] : []);
        }"""
    )


def not_reached_by_keyboard(page: Any) -> list[str]:
    """Links and folds to which the tab key does not lead, in order, with a mark that shows where one is."""
    wanted = page.evaluate(
        """() => [...document.querySelectorAll('a[href], summary')].filter(one => one.checkVisibility())
             .map((one, number) => { one.dataset.stop = String(number); return one.dataset.stop; })"""
    )
    missed = []
    for stop in wanted:
        page.keyboard.press("Tab")
        now = page.evaluate(
            """() => {
              const one = document.activeElement, place = one.getBoundingClientRect();
              const seen = place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth;
              return [one.dataset.stop, getComputedStyle(one).outlineStyle !== 'none' && seen];
            }"""
        )
        if now != [stop, True]:
            missed.append(f"stop {stop}: at {now}")
    return missed


def texts_of_charts(page: Any) -> list[tuple[str, str, float]]:
    """Each text of a chart that is not cut off: its words, its colour as RRGGBB, and how high it is shown."""
    told = page.evaluate(
        """() => [...document.querySelectorAll('svg text')].filter(one =>
             one.getBoundingClientRect().right <= one.ownerSVGElement.getBoundingClientRect().right).map(one => [
             one.textContent.trim(), getComputedStyle(one).fill, one.getBoundingClientRect().height])"""
    )
    return [
        (words, "".join(f"{int(part):02X}" for part in fill[4:-1].split(",")), height) for words, fill, height in told
    ]


def shown_on_paper(started: Any, path: Path, to: Path) -> None:
    """Print a page, with nothing opened by hand."""
    with opened(started, path) as page:
        page.pdf(path=str(to), prefer_css_page_size=True)


def hidden_on_paper(started: Any, path: Path) -> list[str]:
    """Words in folds that are not shown in print."""
    with opened(started, path, PAPER) as page:
        page.emulate_media(media="print")
        page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        return page.evaluate(
            """() => [...document.querySelectorAll('details li, details p, details h4')]
                 .filter(one => !one.checkVisibility({contentVisibilityAuto: true})
                                || one.getBoundingClientRect().height === 0)
                 .map(one => one.textContent.slice(0, 80))"""
        )


def folded_on_paper(started: Any, path: Path) -> list[str]:
    """Words of a quality page that are not shown in print and should be: none of what passed, or is to be known."""
    with opened(started, path) as page:
        may_be = page.evaluate(
            """() => [...document.querySelectorAll('#passed ~ * li, #passed ~ * p, #came ~ details li,'
                 + 'details .information-edge > :not(h4), details .information-edge > :not(h4) li')]
                 .map(one => one.textContent.slice(0, 80))"""
        )
    return [words for words in hidden_on_paper(started, path) if words not in may_be]
