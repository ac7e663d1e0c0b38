# Power cuts of the card's ARM binary: every scenario of tests/powerloss that can
# be written down, at a level at which a page has to be opened. See cut_board.py.
#
# Each is cut at a choice of moments; at all of them with
#     make test-boards T=powerloss FULL=1
. tests/check.sh
. tests/port/boards.sh
mkdir "$scratch/scenarios"
check "the scenarios are written down" "$BUILD/tests/cut_scenarios" "$scratch/scenarios" 1
cat "$scratch/.out"

# What compares does compare: a command that is said to change nothing.
one=$(ls "$scratch"/scenarios/*.script | head -n 1)
mkdir "$scratch/wrong"
cp "${one%script}image" "$scratch/wrong" && sed '2s/.*/1/' "$one" >"$scratch/wrong/$(basename "$one")"
check_fault 1 'it keeps, one after the other' "a change that was not announced is noticed" \
	python3 tests/port/cut_board.py "$image" "$BUILD/tests/cut_scenarios" "$scratch/wrong/$(basename "$one")"

# As many boards at a time as there are processors, each with a few scenarios.
cut() {
	ls "$scratch"/scenarios/*.script |
		xargs -P "$(nproc)" -n 3 python3 tests/port/cut_board.py ${FULL:+--all} "$image" "$BUILD/tests/cut_scenarios"
}
check "no cut does harm" cut
cat "$scratch/.out"
set -- $(sed -n 's/^.*: \([0-9]*\) of \([0-9]*\) cuts, .*/\1 \2/p' "$scratch/.out" |
	awk '{made += $1; of += $2} END {print NR, made + 0, of + 0}')
tell "$2 power cuts of the ARM binary, of $3 moments, in $1 scenarios"
check "every scenario was cut" test "$1" = "$(ls "$scratch"/scenarios/*.script | wc -l)" -a "$2" -gt 500
[ -z "$FULL" ] || check "at every moment" test "$2" = "$3"
finish
