# A short storm: nothing wrong, and no command left out (a session in tests/fuzz/sessions brings it in); the same again for the same seed, and another one for another.
. tests/check.sh
STORM=$BUILD/tests/storm
check_match ' ([0-9]+) of \1 rows done' \
	"200,000 random and mutated commands: no death, no hang, always a status word, every row of the command table done" \
	"$STORM" -n 200000 -s 1
"$STORM" -n 20000 -s 7 | grep -o 'digest.*' >"$scratch/first"
"$STORM" -n 20000 -s 7 | grep -o 'digest.*' >"$scratch/second"
"$STORM" -n 20000 -s 8 | grep -o 'digest.*' >"$scratch/other"
check "the same seed gives the same answers" cmp "$scratch/first" "$scratch/second"
check_status 1 "another seed gives others" cmp "$scratch/first" "$scratch/other"
printf 'card 1 64 5\n00A40004023F00\nreset\npower\ncut 3 2\n0020000108\n00A4\n' >"$scratch/played"
check_match '3 commands played, nothing wrong' "an episode can be played again" "$STORM" -r "$scratch/played"
check_status 1 "an episode without a command is none" "$STORM" -r tests/fuzz/storm.test.sh
check_fault 2 '"1e7" is no number' "a count that is none is refused" "$STORM" -n 1e7
finish
