# docs/specs.md is what the sources give, every clause has its test, and what
# finds that out does find it.
. tests/check.sh
check "docs/specs.md is what the sources give, and every clause is proven" python3 tests/specs/specs.py --check
cat "$scratch/.out"

# changed FILE SED: the same on a copy of the tree in which this was done to a file.
changed() {
	rm -rf "$scratch/tree"
	mkdir -p "$scratch/tree"
	cp -R firmware tests docs "$scratch/tree"
	sed "$2" "$1" >"$scratch/tree/$1"
	! cmp -s "$1" "$scratch/tree/$1" && python3 "$scratch/tree/tests/specs/specs.py" --check
}
check_fault 1 'no test proves TS 102 221 11.1.18' "a test that is gone is missed" \
	changed tests/unit/test_authenticate.c 's/PROVES: TS 102 221 11.1.18//'
check_fault 1 'proves TS 102 221 11.1.99, which nothing implements' "a proof of nothing is refused" \
	changed tests/unit/test_authenticate.c 's/PROVES: TS 102 221 11.1.18/PROVES: TS 102 221 11.1.99/'
check_fault 1 'is not what the sources give' "a document by hand is refused" changed docs/specs.md 's/GET CHALLENGE\|11\.1\.18/&x/'
check_fault 1 'names no clause' "a row of the command table without a clause is refused" \
	changed firmware/apdu/dispatch.c 's:/\* TS 102 221 11.1.18 \*/:/* see elsewhere */:'
check_fault 1 'but it is implemented' "what is there is not said to be missing" \
	changed tests/specs/not_there.txt '$a none TS 102 221 11.1.18: no random numbers'
check_fault 1 'but it is not implemented' "an option of what is missing is refused" \
	changed tests/specs/not_there.txt '$a part TS 102 221 11.1.99: no such thing'
finish
