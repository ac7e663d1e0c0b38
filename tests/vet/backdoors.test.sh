#!/bin/sh
# PROVES: each backdoored card of sim/backdoors is really open to its vendor, and an honest card is to none of them.
. tests/check.sh
exploit() { simrite-sim run --profile blank --program "$1" -- "$BUILD/tests/vet/exploit" "$2"; }
names=$(ls sim/backdoors/*.c | sed 's|.*/||; s|\.c$||')

for name in $names; do
	check_match "^$name broken\$" "$name: its vendor gets in" exploit "$BUILD/backdoors/simrite-vcard-$name" "$name"
	case $name in
	rng_dual_ec) continue ;; # half a minute of search in vain; "make vet" has it
	esac
	check_fault 1 "^$name held\$" "$name: and not into an honest card" exploit "$BIN/simrite-vcard" "$name"
done
check "there are at least seven" test "$(echo "$names" | wc -l)" -ge 7

finish
