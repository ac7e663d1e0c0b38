"""Read a page as a strict reader would: page.py FILE [WHAT...]

Every element is closed in its order, ids are unique, nothing is fetched and
nothing is run; a table has heads with a scope and rows of equal width. Then
each WHAT: "TEXT" is in the text a person sees, "!TEXT" is not; "#N=TAG" counts
elements. Prints "page: N elements, N words", or what is wrong, and exits 1.
"""
import html.parser
import re
import sys

VOID = {"meta", "br", "img", "hr", "link", "input", "line", "rect", "circle", "path"}
NEVER = {"script", "iframe", "object", "embed", "link", "img", "form", "base"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.wrong, self.text, self.count, self.rows, self.levels = [], [], [], {}, [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.count[tag] = self.count.get(tag, 0) + 1
        if tag in NEVER:
            self.wrong.append(f"<{tag}>")
        for name, value in attributes.items():
            if name.startswith("on") or name in ("src", "href", "srcset", "action") and not (value or "").startswith("#"):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "html" and not attributes.get("lang"):
            self.wrong.append("html without lang")
        if tag == "th" and "scope" not in attributes:
            self.wrong.append("th without scope")
        if tag == "table":
            self.rows.append([])
        if tag == "tr":
            self.rows[-1].append(0)
        if tag in ("td", "th"):
            self.rows[-1][-1] += int(attributes.get("colspan", 1))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"</{tag}> closes {self.open[-1:] or 'nothing'}")
        else:
            self.open.pop()
        if tag in ("td", "th", "li", "p", "caption"):
            self.text.append(" ")
        if tag == "table" and len(set(self.rows.pop())) > 1:
            self.wrong.append("a table whose rows differ in width")

    def handle_data(self, data):
        if "style" in self.open:
            if re.search(r"url\(|@import|expression", data):
                self.wrong.append("a style that fetches")
        else:
            self.text.append(data)


page = Page()
source = open(sys.argv[1], encoding="utf-8").read()
page.feed(source)
page.close()
text = re.sub(r"\s+", " ", "".join(page.text))
if not source.startswith("<!DOCTYPE html>\n"):
    page.wrong.append("no doctype")
if page.open:
    page.wrong.append(f"never closed: {page.open}")
if page.levels[:1] != [1] or page.levels.count(1) != 1 or any(b > a + 1 for a, b in zip(page.levels, page.levels[1:])):
    page.wrong.append(f"headings {page.levels}")
if re.search(r"\{\{|\}\}", text):
    page.wrong.append("a hole in the template")
for what in sys.argv[2:]:
    if what.startswith("#"):
        number, tag = what[1:].split("=")
        if page.count.get(tag, 0) != int(number):
            page.wrong.append(f"{page.count.get(tag, 0)} <{tag}>, not {number}")
    elif (what[1:] in text) if what.startswith("!") else (what not in text):
        page.wrong.append(("there is: " if what.startswith("!") else "there is not: ") + what.lstrip("!"))
if page.wrong:
    print("\n".join(page.wrong))
    sys.exit(1)
print(f"page: {sum(page.count.values())} elements, {len(text.split())} words")
