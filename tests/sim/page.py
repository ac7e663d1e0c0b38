"""Does a matrix's page say what the matrix says?  page.py report.html matrix.json

The page is read as XML, which no error gets past; then: nothing is fetched or
run, every id is there once and every link leads to one, every cell of the
matrix is in the map with its numbers and has its evidence, tables have heads
and rows of equal width, pictures have titles. Prints what is wrong, and exits 1.
"""
import json
import re
import sys
import xml.etree.ElementTree

tree = xml.etree.ElementTree.parse(sys.argv[1]).getroot()
matrix = json.load(open(sys.argv[2], encoding="utf-8"))
wrong = []


def text(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


ids = [e.get("id") for e in tree.iter() if e.get("id")]
wrong += [f"the id {i} is there twice" for i in set(ids) if ids.count(i) > 1]
for e in tree.iter():
    if e.tag in ("script", "iframe", "object", "embed", "link", "img", "base", "form"):
        wrong.append(f"<{e.tag}>")
    for name, value in e.items():
        if name in ("href", "aria-labelledby") and value.removeprefix("#") not in ids:
            wrong.append(f"{name}={value} leads nowhere")
        if name.startswith("on") or name in ("src", "srcset", "action") or (name == "href" and not value.startswith("#")):
            wrong.append(f"{e.tag} {name}={value}")
        if re.search(r"url\((?!#)", value):
            wrong.append(f"{e.tag} {name}={value}")
for style in tree.iter("style"):
    if re.search(r"url\(|@import|expression", style.text):
        wrong.append("a style that fetches")
for table in tree.iter("table"):
    widths = {sum(int(c.get("colspan", 1)) for c in row) for row in table.iter("tr")}
    if len(widths) != 1:
        wrong.append(f"a table whose rows differ in width: {widths}")
    wrong += [f"a head without scope: {text(th)}" for th in table.iter("th") if "scope" not in th.attrib]
for svg in tree.iter("svg"):
    if svg.get("aria-hidden") != "true" and svg.find("title") is None:
        wrong.append("a picture without a title")
levels = [int(e.tag[1]) for e in tree.iter() if re.fullmatch("h[1-6]", e.tag)]
if levels[:1] != [1] or levels.count(1) != 1 or any(b > a + 1 for a, b in zip(levels, levels[1:])):
    wrong.append(f"headings {levels}")
for landmark in ("main", "header", "footer"):
    if len(list(tree.iter(landmark))) != 1:
        wrong.append(f"not one <{landmark}>")
first = next(tree.iter("a"))
if first.get("class") != "skip":
    wrong.append("the first link does not skip to the matrix")

heat = [t for t in tree.iter("table") if t.get("class") == "heat"]
links = {a.get("href"): text(a) for t in heat for a in t.iter("a")}
articles = {a.get("id"): text(a) for a in tree.iter("article")}
if not len(matrix["cells"]) == len(links) == len(articles):
    wrong.append(f"{len(matrix['cells'])} cells, {len(links)} in the map, {len(articles)} with evidence")
for n, cell in enumerate(matrix["cells"]):
    link, article = links.get(f"#cell-{n}", ""), articles.get(f"cell-{n}", "")
    name = f"{cell['design']}, {cell['thief']}"
    if not link.startswith(name + ": ") or f"{cell['decrypted']} of {cell['sessions']}" not in link:
        wrong.append(f"the map says of {name}: {link}")
    for want in (
        f"{cell['thief']} robs {cell['design']}; radio {cell['access']}; K and OPc travel {cell['travel']}",
        f"sessions decrypted{cell['decrypted']} of {cell['sessions']}",
        f"keys recovered{cell['recovered']} of {cell['keys']}",
        f"{cell['operator']['vectors']} vectors given",
        f" --cards {matrix['cards']} ",
        *[c for c in cell["captured"] if "/" not in c],
    ):
        if want not in article:
            wrong.append(f"the evidence of {name} lacks: {want}")
if wrong:
    print("\n".join(wrong))
    sys.exit(1)
print(f"page: {len(articles)} cells, {len(ids)} places to link to")
