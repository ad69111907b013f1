"""Fill in a Word template with plain text, so that nothing in the text can act as template or as XML.

Belongs here: the sandbox in which templates run, and what they may call. Does not belong here: templates, and what
happens to the figures' marks afterwards (``tasks.assemble.figures``).

A template is rendered once, from one of ours or a staff copy of it; never from a draft that was rendered already,
because then what people wrote in it would run.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from traceback import walk_tb
from typing import Any, TypeVar

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.errors import Refused
from tasks.assemble.values import ReportContext, SectionContext, mark

T = TypeVar("T")
NEAR = 200
"""Characters of what stands round a fault that are shown."""

SECTION_VALUES = (*SectionContext.__dataclass_fields__, "nothing_yet", "earlier", "alone", "fig")
"""Names that a template of a section may use."""
REPORT_VALUES = (*ReportContext.__dataclass_fields__, "contents", "annex", "charts", "earlier", "quality", "fig")
"""Names that the template of the report may use."""


def fill_in(template: bytes, name: str, values: Mapping[str, Any]) -> bytes:
    """The whole template, filled in: body, headers and footers.

    Raises:
        Refused: the template asks for something that it is not given.
    """
    document, runs_in = DocxTemplate(io.BytesIO(template)), environment()
    _run(name, runs_in, lambda: document.render(dict(values), runs_in))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def fill_in_body(template: bytes, name: str, values: Mapping[str, Any]) -> tuple[Any, dict[str, str]]:
    """The body of the template, filled in, as an element; and the names of its styles by their ids.

    Raises:
        Refused: the template asks for something that it is not given.
    """
    document, runs_in = DocxTemplate(io.BytesIO(template)), environment()
    document.render_init()
    body = _run(name, runs_in, lambda: document.fix_tables(document.build_xml(dict(values), runs_in)))
    return body, {style.style_id: style.name for style in document.docx.styles}


def section_values(context: SectionContext, *, alone: bool) -> dict[str, Any]:
    """What a template of a section is given; ``alone`` where the section is a document of its own."""
    refs = {figure.ref for figure in context.figures}

    def fig(ref: str) -> str:
        if ref not in refs:
            raise Refused(
                f"The template '{context.template}' prints the figure '{ref}', which is not one of this section.",
                where=f"section '{context.section_id}'",
                why="A figure that the section does not know has no value, no source and no checks.",
                to_do="Correct the name in the template, or add the figure to the section in report.yaml.",
            )
        return mark(context.section_id, ref)

    fields = {name: getattr(context, name) for name in context.__dataclass_fields__}
    more = {"nothing_yet": context.nothing_yet, "earlier": context.earlier}
    return fields | more | {"alone": alone, "fig": fig}


class _Sandbox(ImmutableSandboxedEnvironment):
    """Compiles each template once: many sections share one, and compiling takes longer than filling in."""

    source = ""
    """What was compiled last, to show the place of a fault in it."""

    def compile(self, source: Any, *args: Any, **named: Any) -> Any:
        self.source = source if isinstance(source, str) else ""
        return (
            _compiled(source)
            if isinstance(source, str) and not (args or named)
            else super().compile(source, *args, **named)
        )


@lru_cache(maxsize=64)
def _compiled(source: str) -> Any:
    return super(_Sandbox, environment()).compile(source)


def environment() -> _Sandbox:
    """What templates run in. One a document, because docxtpl writes into it."""
    return _Sandbox(undefined=StrictUndefined, autoescape=True, finalize=_refuse_none)


def _refuse_none(value: object) -> object:
    if value is None:
        raise TemplateError("a value is None and would be printed as such")
    return value


def _run(name: str, runs_in: _Sandbox, work: Callable[[], T]) -> T:
    try:
        return work()
    except TemplateError as error:
        near = _near(error, runs_in.source)
        raise Refused(
            f"The Word template '{name}' cannot be filled in: {_says(error)}.",
            where=f"near “{near}”" if near else f"{name}.docx",
            why="A draft with a gap in it would look finished.",
            to_do="Correct the tag in the template, or take the template that comes with the project.",
        ) from error


def _says(error: TemplateError) -> str:
    """What went wrong, without the names of our own classes."""
    message = (error.message or type(error).__name__).rstrip(".")
    return re.sub(r"'[\w.]+ object' has no attribute '(\w+)'", r"there is no '\1' here", message)


def _near(error: TemplateError, source: str) -> str:
    """What stands round the tag that failed, as text: people do not read markup."""
    line = getattr(error, "lineno", None)
    if line is None:
        frames = walk_tb(error.__traceback__)
        line = next(iter([n for frame, n in frames if frame.f_code.co_filename == "<template>"][-1:]), None)
    return "" if line is None else text_of_lines(source.splitlines()[max(line - 2, 0) : line + 1])


def text_of_lines(lines: Sequence[str]) -> str:
    """Lines of a document's markup as text, with the tags of a template in it."""
    text = " ".join(re.sub(r"<[^>]*>?|^[^<>]*>", " ", " ".join(lines)).split())
    return text if len(text) <= NEAR else f"{text[: NEAR - 1]}…"
