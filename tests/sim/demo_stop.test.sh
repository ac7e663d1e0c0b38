#!/bin/sh
# PROVES: a demonstration or matrix that is stopped says so (exit status 8) and leaves no process, socket or folder, whether
# the signal comes once, twice, or to every process at once.
. tests/check.sh

mkdir "$scratch/tmp"
stopped() { # stopped HOW
	rm -rf "$scratch/run"
	TMPDIR=$scratch/tmp timeout 120 python3 tests/sim/interrupt.py "$1" "$scratch/run/log/attach-bulk-plain.out" \
		simrite heist demo --cards 8 --sessions 20 --out "$scratch/run" >"$scratch/said"
}
empty() { [ -z "$(ls -A "$1")" ]; }
while read -r how what; do
	check "$what while phones attach: the demonstration ends" stopped "$how"
	check_match '^exit 8' "  with status 8" cat "$scratch/said"
	check_match '^saw [1-9][0-9]* processes and 1 simulation' "  (it was at work)" cat "$scratch/said"
	check_match '^left 0 processes and 0 folders' "  and nothing is left" cat "$scratch/said"
	check "  in TMPDIR neither" empty "$scratch/tmp"
done <<END
key Ctrl-C
keys two Ctrl-C
INT SIGINT to all
TERM SIGTERM to all
END
matrix_stopped() { # HOW FILE
	rm -rf "$scratch/run"
	TMPDIR=$scratch/tmp timeout 120 python3 tests/sim/interrupt.py "$1" "$scratch/run/worlds/bulk-plain-lte/$2" \
		simrite heist matrix --cards 4 --before 5 --design bulk-plain --access lte --out "$scratch/run" >"$scratch/said"
}
while read -r how file what; do
	check "$what: the matrix ends" matrix_stopped "$how" "$file"
	check_match '^exit 8' "  with status 8" cat "$scratch/said"
	check_match '^left 0 processes and 0 folders' "  and nothing is left" cat "$scratch/said"
	check "  and no matrix, which would be half of one" [ ! -e "$scratch/run/matrix.json" ]
done <<END
key log/attach-bulk-plain-1.out Ctrl-C while phones attach
INT thieves/courier/clones/truth SIGINT to all while clones attach
END
check "the next run begins anew" simrite heist demo --cards 1 --sessions 1 --out "$scratch/run"
finish
