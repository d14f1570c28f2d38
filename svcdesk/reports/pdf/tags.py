"""The structure of a tagged PDF: what is a heading, a paragraph, a table cell, a figure.

Elements are noted while pages are drawn, in reading order, and written as the structure tree when
the document is finished (ISO 32000-1, 14.7 and 14.8).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Element:
    """A node of the structure: a type, its parent, and children or marked pieces of pages."""

    __slots__ = ("alt", "kids", "name", "parent", "scope")

    def __init__(self, name: str, parent: Element | None, alt: str = "", scope: str = "") -> None:
        self.name, self.parent, self.alt, self.scope = name, parent, alt, scope
        self.kids: list[Element | tuple[int, int]] = []  # (page, number of the marked piece)


class Structure:
    """Collects the elements of a document."""

    def __init__(self) -> None:
        self.root = Element("Document", None)
        self.page = -1
        self._marked: list[list[Element]] = []  # page -> element of each marked piece

    def begin_page(self) -> None:
        """Begin the next page."""
        self.page += 1
        self._marked.append([])

    def add(self, name: str, parent: Element | None = None, *, alt: str = "",
            scope: str = "") -> Element:  # fmt: skip
        """Return a new element under ``parent`` (the document when there is none)."""
        element = Element(name, parent or self.root, alt, scope)
        (parent or self.root).kids.append(element)
        return element

    def mark(self, element: Element) -> int:
        """Note that the next marked piece of the page belongs to ``element``; return its number."""
        marked = self._marked[self.page]
        marked.append(element)
        element.kids.append((self.page, len(marked) - 1))
        return len(marked) - 1

    def write(self, document: Any, pages: list[Any]) -> Any:
        """Add the tree to reportlab's ``document`` and return the reference to its root.

        The elements of long tables are many thousand: they are written as short as they can be.
        """
        raw = raw_class()

        def number(thing: Any, name: str | None = None) -> int:
            name = document.Reference(thing, name).name
            return int(document.idToObjectNumberAndVersion[name][0])

        page_numbers = [number(page) for page in pages]
        tree = raw()
        root = document.Reference(tree, "structure")
        at = number(tree)
        elements: list[tuple[Element, Any]] = []
        numbers: dict[int, int] = {}
        for element in self._all():
            entry = raw()
            numbers[id(element)] = number(entry, f"element{len(elements)}")
            elements.append((element, entry))
        for element, entry in elements:
            entry.content = _content(element, at, numbers, page_numbers)
        owners = []
        for page, marked in enumerate(self._marked):
            entry = raw()
            entry.content = f"[{' '.join(f'{numbers[id(one)]} 0 R' for one in marked)}]"
            owners.append(f"{page} {number(entry, f'owners{page}')} 0 R")
        tree.content = (
            f"<</Type/StructTreeRoot/K {numbers[id(self.root)]} 0 R"
            f"/ParentTree<</Nums[{' '.join(owners)}]>>/ParentTreeNextKey {len(owners)}>>"
        )
        return root

    def _all(self) -> Iterator[Element]:
        """Yield the elements, each before its children."""
        waiting = [self.root]
        while waiting:
            element = waiting.pop()
            yield element
            waiting += [kid for kid in reversed(element.kids) if isinstance(kid, Element)]


def _content(element: Element, root: int, numbers: dict[int, int], pages: list[int]) -> str:
    """Return the dictionary of an element."""
    home = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), None)
    kids = []
    for kid in element.kids:
        if isinstance(kid, Element):
            kids.append(f"{numbers[id(kid)]} 0 R")
        elif kid[0] == home:
            kids.append(str(kid[1]))
        else:
            kids.append(f"<</Type/MCR/Pg {pages[kid[0]]} 0 R/MCID {kid[1]}>>")
    parent = numbers[id(element.parent)] if element.parent else root
    parts = [f"/S/{element.name}/P {parent} 0 R"]
    if home is not None:
        parts.append(f"/Pg {pages[home]} 0 R")
    if kids:
        parts.append(f"/K {kids[0]}" if len(kids) == 1 else f"/K[{' '.join(kids)}]")
    if element.alt:
        alt = ("\ufeff" + element.alt).encode("utf-16-be").hex()
        parts.append(f"/Alt<{alt}>")
    if element.scope:
        parts.append(f"/A<</O/Table/Scope/{element.scope}>>")
    return f"<<{''.join(parts)}>>"


@lru_cache(maxsize=1)
def raw_class() -> type:
    """Return the class of objects whose text is known: reportlab writes it as it is."""
    from reportlab.pdfbase.pdfdoc import PDFObject

    class Raw(PDFObject):  # type: ignore[misc]  # reportlab has no types
        __RefOnly__ = 1
        content: str | bytes = ""

        def format(self, document: Any) -> bytes:
            del document
            return self.content if isinstance(self.content, bytes) else self.content.encode("ascii")

    return Raw
