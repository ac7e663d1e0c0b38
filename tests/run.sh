#!/bin/sh
# run.sh FILTER TEST... - run tests, as many at a time as there are processors (JOBS=N says otherwise), and add up.
# Those that tests/longest.txt names begin, in its order, so that no long one is left alone at the end.
#
# A test is a program or a *.test.sh script. Its last line is
# "# NAME: N passed, N failed[, N skipped]"; lines that begin with "skipped" or
# "told" are shown, everything else it says when it fails. A test that ends without that line, or with another exit
# status than 0 while claiming no failure, counts as one failure.

# one FOLDER TEST: run it; say how it ended and note it in FOLDER.
if [ "$1" = --one ]; then
	folder=$2 test=$3
	log=$folder/$(echo "$test" | tr / .) start=$(date +%s)
	case $test in
	*.sh) timeout 900 sh "$test" >"$log" 2>&1 </dev/null ;;
	*) timeout 900 "$test" >"$log" 2>&1 </dev/null ;;
	esac
	status=$?
	line=$(tail -n 1 "$log" | sed -n 's/^# [^:]*: \([0-9]* passed, [0-9]* failed.*\)$/\1/p')
	p=$(echo "$line" | sed -n 's/^\([0-9]*\) passed.*/\1/p')
	f=$(echo "$line" | sed -n 's/.* \([0-9]*\) failed.*/\1/p')
	s=$(echo "$line" | sed -n 's/.* \([0-9]*\) skipped.*/\1/p')
	if [ -z "$line" ] || { [ "$status" -ne 0 ] && [ "${f:-0}" -eq 0 ]; }; then
		line="${line:+$line, }exit status $status"
		f=$((${f:-0} + 1))
	fi
	exec 9>>"$folder/results" # one at a time from here, so that lines stay together
	flock 9
	echo "${p:-0} $f ${s:-0} $test" >&9
	printf '%-44s %s (%s s)\n' "$test" "$line" $(($(date +%s) - start))
	grep -E '^(skipped|told) ' "$log" | sed 's/^told /    /; s/^skipped/    &/'
	[ "$f" -eq 0 ] || tail -n 60 "$log" | sed 's/^/    /'
	exit 0
fi

filter=$1
shift
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
for test in "$@"; do
	case $test in *"$filter"*) echo "$test" ;; esac
done | awk -F/ 'NR == FNR {place[$1] = NR; next} {print $NF in place ? place[$NF] : 999, $0}' "$(dirname "$0")/longest.txt" - |
	sort -sn -k1,1 | cut -d ' ' -f 2- >"$folder/chosen"
: >"$folder/results"
[ -s "$folder/chosen" ] || echo "no test matches \"$filter\""
xargs -P "${JOBS:-$(nproc)}" -I {} sh "$0" --one "$folder" {} <"$folder/chosen"
# A test that noted nothing did not end: it counts as failed.
awk -v chosen="$(wc -l <"$folder/chosen")" '
	{p += $1; f += $2; s += $3; if ($2) bad = bad " " $4}
	END {
		f += chosen - NR + (chosen == 0)
		if (bad) print "failed:" bad
		printf "%d passed, %d failed%s\n", p, f, s ? ", " s " skipped" : ""
		exit f > 0
	}' "$folder/results"
