# make wear: no page is erased more often than its part takes, and all alike.
. tests/check.sh
run() { "$BUILD/tests/wear" 100000 >"$scratch/wear"; }
check "100,000 AUTHENTICATEs wear no page out, and all pages alike" run
cat "$scratch/wear"
check "two parts, empty and full" test "$(grep -c ': 100000 AUTHENTICATEs erased a page .* years at' "$scratch/wear")" = 4
check_fault 2 usage "it wants a count" "$BUILD/tests/wear" 0
finish
