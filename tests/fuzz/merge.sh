#!/bin/sh
# merge.sh TARGET - keep in tests/fuzz/corpus/TARGET the fewest small inputs that reach what fuzzing has reached and the
# seeds do not. Inputs named regression-* stay.
target=$1 new=$(mktemp -d) || exit 1
trap 'rm -rf "$new"' EXIT
cp "$BUILD/tests/corpus/$target"/* "$new" || exit 1
"$BUILD/tests/fuzz/fuzz_$target" -merge=1 -max_len=512 "$new" "$BUILD/tests/grown/$target" "tests/fuzz/corpus/$target" 2>&1 | tail -n 2
find "tests/fuzz/corpus/$target" -type f ! -name 'regression-*' -delete
for input in "$new"/*; do
	[ -e "$BUILD/tests/corpus/$target/${input##*/}" ] || cp "$input" "tests/fuzz/corpus/$target/$(basename "$input" | cut -c 1-12)"
done
du -sb "tests/fuzz/corpus/$target"
