#!/bin/sh
# merge.sh TARGET [LONGEST] - keep in tests/fuzz/corpus/TARGET the small inputs that reach edges of the card which the seeds do not
# reach, of all that fuzzing has grown. What is named regression-* once broke something and stays.
target=$1 kept=tests/fuzz/corpus/$1 made=$BUILD/tests/corpus/$1
new=$(mktemp -d) old=$(mktemp -d) || exit 1
trap 'rm -rf "$new" "$old"' EXIT
mkdir -p "$kept" "$made" && "$BUILD/tests/replay/seeds" "$target" "$made" && cp "$made"/* "$new" || exit 1
mv "$kept"/[!r]* "$old" 2>/dev/null
"$BUILD/tests/fuzz/fuzz_$target" -merge=1 -use_counters=0 -max_len="${2:-400}" "$new" "$old" "$BUILD/tests/grown/$target" >/dev/null 2>&1 || exit 1
for input in "$new"/*; do
	[ -e "$made/${input##*/}" ] || cp "$input" "$kept/$(basename "$input" | cut -c 1-10)"
done
echo "$kept: $(find "$kept" -type f | wc -l) inputs, $(cat "$kept"/* | wc -c) bytes"
