# Every fuzz target, under the address and undefined-behaviour sanitizers, on the seeds that the sessions make and on
# what fuzzing has found: tests/fuzz/corpus/TARGET.
. tests/check.sh
REPLAY=$BUILD/tests/replay
for source in tests/fuzz/fuzz_*.c; do
	target=$(basename "$source" .c)
	target=${target#fuzz_}
	mkdir "$scratch/$target" && "$REPLAY/seeds" "$target" "$scratch/$target" || exit 1
	set -- "$scratch/$target"
	[ ! -d "tests/fuzz/corpus/$target" ] || set -- "$@" "tests/fuzz/corpus/$target"
	check_match '^# .* [1-9][0-9]* passed, 0 failed' "$target: $(find "$@" -type f | wc -l) inputs" \
		"$REPLAY/fuzz_$target" "$@"
done
"$REPLAY/seeds" dictionary >"$scratch/dictionary"
check "the dictionary names every command" test "$(grep -c x00.x00 "$scratch/dictionary")" -ge 25
printf '\300' >"$scratch/reset"
check_match '1 passed, 0 failed' "an input can be played alone" "$REPLAY/fuzz_apdu" "$scratch/reset"
finish
