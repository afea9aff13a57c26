"""Reads HTML pages as a browser does, and prints where a document's text is more than text.

Usage: pages.py WORD FOLDER… prints the number of pages, then a line for each fault.
"""

import html.parser
import pathlib
import re
import sys

# Attributes that only show or name something.
SHOWN = {"id", "name", "title", "content", "class", "aria-label", "alt", "placeholder", "value"}
ADDRESSES = {"href", "src", "action", "formaction", "data", "srcdoc", "poster", "xlink:href"}
ACTIVE = {"javascript", "data", "vbscript", "file", "blob"}


class Page(html.parser.HTMLParser):
    """Collects the faults of a page."""

    def __init__(self, word):
        super().__init__(convert_charrefs=True)
        self.word, self.faults, self.inside, self.shows = word, [], None, False

    def fault(self, what):
        self.faults.append(f"line {self.getpos()[0]}: {what}")

    def handle_starttag(self, tag, attrs):
        # rustdoc keeps the traits of types in JSON, which a browser does not run.
        is_data = ("type", "text/json") in attrs
        self.inside = tag if tag in ("script", "style") and not is_data else None
        if self.word in tag:
            self.fault(f"the element <{tag}>")
        for name, value in attrs:
            self.attribute(tag, name, value or "")

    def attribute(self, tag, name, value):
        if self.word in name:
            self.fault(f"<{tag}> has the attribute {name}")
        if name in ADDRESSES:
            # Browsers ignore these characters in the scheme.
            plain = re.sub(r"[\x00-\x20]", "", value).lower()
            if plain.split(":")[0] in ACTIVE and not plain.startswith("data:image/svg+xml"):
                self.fault(f"<{tag} {name}={value!r}>")
        if self.word not in value or name in SHOWN or name.startswith("data-"):
            return
        if not (tag in ("a", "link") and name == "href"):
            self.fault(f"<{tag} {name}={value!r}>")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.word in data:
            self.shows = True
            if self.inside:
                self.fault(f"a <{self.inside}> has {data.strip()[:80]!r}")

    def handle_comment(self, data):
        if self.word in data:
            self.fault(f"a comment hides {data.strip()[:80]!r}")

    def unknown_decl(self, data):
        if self.word in data:
            self.fault(f"a declaration hides {data.strip()[:80]!r}")

    handle_pi = handle_decl = unknown_decl


def main(word, folders):
    pages = sorted(path for folder in folders for path in pathlib.Path(folder).rglob("*.html"))
    shows, faults = 0, []
    for path in pages:
        page = Page(word)
        page.feed(path.read_text(encoding="utf-8"))
        page.close()
        shows += page.shows
        faults += [f"{path}: {fault}" for fault in page.faults]
    print(len(pages), shows)
    print("\n".join(faults))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
