#!/bin/sh
# milenage.sh PROGRAM - callgrind's instructions of one computation of f1 to f5,
# the library's AES included: those of 2000 less those of 1000, so that what
# happens once does not count. Fails when there are more than LIMIT.
limit=1000
collected() {
	LD_BIND_NOW=1 valgrind --tool=callgrind --callgrind-out-file=/dev/null '--toggle-collect=milenage_*' "$1" "$2" 2>&1 |
		sed -n 's/^==.*Collected : //p'
}
few=$(collected "$1" 1000) many=$(collected "$1" 2000)
[ "${few:-0}" -gt 0 ] && [ "${many:-0}" -gt 0 ] || { echo "milenage: callgrind counted nothing"; exit 1; }
each=$(((many - few + 999) / 1000))
[ $each -le $limit ] && verdict=ok || verdict=MISSED
printf '%-14s %5d instructions %22d  %s\n' Milenage $each $limit $verdict
[ $verdict = ok ]
