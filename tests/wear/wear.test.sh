# make wear: no page is erased more often than its part takes, and all alike.
. tests/check.sh
run() { "$BUILD/tests/wear" 100000 >"$scratch/wear"; }
check "100,000 AUTHENTICATEs wear no page out, and all pages alike" run
cat "$scratch/wear"
check "two parts, empty and full" test "$(grep -c ': 100000 AUTHENTICATEs erased a page .* years at' "$scratch/wear")" = 4
# told PART: the table in docs/testing.md says at most what was measured, and not much more.
told() {
	row=$(grep "^| $1 " docs/testing.md | tr -d ' ' | cut -d'|' -f3,4 | tr '|' ' ')
	set -- $row $(grep "$1" "$scratch/wear" | sed -n 's/.* to \([0-9]*\) times.*/\1/p')
	echo "told $1 $2, measured $3 $4"
	[ $# -eq 4 ] && [ "$3" -le "$1" ] && [ "$4" -le "$2" ] && [ $(($3 * 5)) -ge $(($1 * 4)) ] && [ $(($4 * 5)) -ge $(($2 * 4)) ]
}
check "docs/testing.md has the figures of the nRF51822" told nRF51822
check "and those of the nRF52833" told nRF52833
check_fault 2 usage "it wants a count" "$BUILD/tests/wear" 0
finish
