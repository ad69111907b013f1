"""Fill in a Word template with plain text, so that nothing in the text can act as template or as XML.

Belongs here: the sandbox in which templates run, and what they may call. Does not belong here: templates, and what
happens to the figures' marks afterwards (``tasks.assemble.figures``).

A template is rendered once, from one of ours or a staff copy of it; never from a draft that was rendered already,
because then what people wrote in it would run.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from config.errors import Refused
from tasks.assemble.values import SectionContext, mark

T = TypeVar("T")


def fill_in(template: bytes, name: str, values: Mapping[str, Any]) -> bytes:
    """The whole template, filled in: body, headers and footers.

    Raises:
        Refused: the template asks for something that it is not given.
    """
    document = DocxTemplate(io.BytesIO(template))
    _run(name, lambda: document.render(dict(values), _environment()))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def fill_in_body(template: bytes, name: str, values: Mapping[str, Any]) -> tuple[Any, dict[str, str]]:
    """The body of the template, filled in, as an element; and the names of its styles by their ids.

    Raises:
        Refused: the template asks for something that it is not given.
    """
    document = DocxTemplate(io.BytesIO(template))
    document.render_init()
    body = _run(name, lambda: document.fix_tables(document.build_xml(dict(values), _environment())))
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

    def compile(self, source: Any, *args: Any, **named: Any) -> Any:
        return (
            _compiled(source)
            if isinstance(source, str) and not (args or named)
            else super().compile(source, *args, **named)
        )


@lru_cache(maxsize=64)
def _compiled(source: str) -> Any:
    return super(_Sandbox, _environment()).compile(source)


def _environment() -> _Sandbox:
    """One a document, because docxtpl writes into it."""
    return _Sandbox(undefined=StrictUndefined, autoescape=True, finalize=_refuse_none)


def _refuse_none(value: object) -> object:
    if value is None:
        raise TemplateError("a value is None and would be printed as such")
    return value


def _run(name: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except TemplateError as error:
        near = " / ".join(line.strip() for line in getattr(error, "docx_context", ()) if line.strip())
        raise Refused(
            f"The Word template '{name}' cannot be filled in: {error.message or type(error).__name__}.",
            where=f"near: {near[:300]}" if near else f"{name}.docx",
            why="A draft with a gap in it would look finished.",
            to_do="Correct the tag in the template, or take the template that comes with the project.",
        ) from error
