# Power cuts of the card's ARM binary: every scenario of tests/powerloss that can
# be written down, at a level at which a page has to be opened. See cut_board.py.
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
	python3 tests/port/cut_board.py "$image" "$BUILD/tests/cut_scenarios" "$scratch/wrong"

# Two boards, each with half of them.
for half in 0 1; do
	python3 tests/port/cut_board.py "$image" "$BUILD/tests/cut_scenarios" "$scratch/scenarios" $half 2 >"$scratch/half$half" 2>&1 &
	eval "pid$half=$!"
done
wait "$pid0" && first=0 || first=1
wait "$pid1" && second=0 || second=1
cat "$scratch"/half?
check "no cut of the first half does harm" test $first = 0
check "no cut of the second half does harm" test $second = 0
made=$(sed -n 's/^\([0-9]*\) cuts$/\1/p' "$scratch"/half? | awk '{n += $1} END {print n + 0}')
done=$(grep -c ': [0-9]* cuts, ' "$scratch/half0" "$scratch/half1" | awk -F: '{n += $2} END {print n + 0}')
echo "# $made power cuts of the ARM binary in $done scenarios"
check "every scenario was cut" test "$done" = "$(ls "$scratch"/scenarios/*.script | wc -l)" -a "$made" -gt 500
finish
