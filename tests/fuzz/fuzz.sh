#!/bin/sh
# fuzz.sh TARGET SECONDS JOBS - run one libFuzzer target, from the seeds made of the sessions, from what earlier runs
# found and from tests/fuzz/corpus/TARGET. What it finds that breaks something is kept in build/tests/found.
target=$1 seconds=$2 jobs=$3
made=$BUILD/tests/corpus/$target grown=$BUILD/tests/grown/$target found=$BUILD/tests/found
mkdir -p "$made" "$grown" "$found" "tests/fuzz/corpus/$target" || exit 1
"$BUILD/tests/replay/seeds" "$target" "$made" && "$BUILD/tests/replay/seeds" dictionary >"$BUILD/tests/dictionary" || exit 1
[ "$jobs" -le 1 ] || set -- -fork="$jobs" -ignore_crashes=0
[ "$jobs" -gt 1 ] || set --
exec "$BUILD/tests/fuzz/fuzz_$target" "$@" -max_total_time="$seconds" -max_len=4096 -timeout=20 -rss_limit_mb=1024 \
	-dict="$BUILD/tests/dictionary" -artifact_prefix="$found/$target-" -print_final_stats=1 -verbosity=1 \
	"$grown" "$made" "tests/fuzz/corpus/$target"
