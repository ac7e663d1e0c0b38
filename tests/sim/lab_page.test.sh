#!/bin/sh
# PROVES: the matrix has a page, which says what matrix.json says, cell by cell, refers to nothing outside itself and runs
# nothing; a fleet beside it is told of, and is not removed; a browser, where one is, shows it without sideways scrolling.
. tests/check.sh
out=$scratch/lab

whole() { python3 tests/sim/page.py "$out/report.html" "$out/matrix.json"; }
check_match '^[0-9]+ cells' "a small matrix" simrite heist matrix --cards 1 --after 0 --design bulk-plain --seed "it's <b>" --out "$out"
check_match '^page: [0-9]+ cells' "  its page has every cell, and refers to nothing else" whole
check_match 'seed it&#39;s &lt;b&gt;|seed it.s &lt;b&gt;' "  and the seed, as text" cat "$out/report.html"
check_match 'No fleet was run' "  and says that there is no fleet" cat "$out/report.html"
spoil() { jq -c "$1" "$out/matrix.json" >"$scratch/other.json" && python3 tests/sim/page.py "$out/report.html" "$scratch/other.json"; }
check_status 1 "(a matrix with another number is not that page's)" spoil '.cells[0].decrypted=7'
check_status 1 "(nor one with a cell more)" spoil '.cells+=[.cells[0]]'

again() { simrite heist matrix --cards 1 --after 0 --batches 1 --design agreed --thief recorder --access lte --travel together --out "$out"; }
echo '{"seed":"5","version":"0","thefts":[{"design":"derived","theft":"master","what":"the master key","opened":1234567,"subscribers":1234567}]}' >"$out/fleet.json"
check_match '^1 cells' "a fleet's report beside it stays" again
check_match '"seed":"5"' "  as it is" cat "$out/fleet.json"
check_match '1,234,567' "  and is on the page" cat "$out/report.html"
check_match '^page: 1 cells' "  which is whole" whole
mkdir "$scratch/fleet" && cp "$out/fleet.json" "$scratch/fleet"
first() { simrite heist matrix --cards 1 --after 0 --batches 1 --design agreed --thief recorder --access lte --travel together --out "$scratch/fleet"; }
check_match '^1 cells' "a folder with nothing but a fleet's report is taken" first
echo '{' >"$out/fleet.json"
check_fault 5 'fleet.json: line' "a fleet's report that is none is a fault" again

if command -v chromium >/dev/null; then
	cp "$scratch/fleet/report.html" "$scratch/narrow.html"
	echo '<iframe src="narrow.html" style="width:390px;height:900px" onload="document.title=this.contentDocument.documentElement.scrollWidth"></iframe>' >"$scratch/frame.html"
	narrow() {
		timeout 60 chromium --headless --no-sandbox --disable-gpu --allow-file-access-from-files --user-data-dir="$scratch/chromium" \
			--dump-dom "file://$scratch/frame.html" 2>/dev/null
	}
	check_match '<title>3[0-9][0-9]</title>' "at the width of a phone nothing sticks out" narrow
else
	skip "at the width of a phone nothing sticks out" "chromium is not on this machine"
fi
finish
