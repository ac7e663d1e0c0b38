#!/bin/sh
# run.sh FILTER TEST... - run tests one after the other and add up.
#
# A test is a program or a *.test.sh script. Its last line is
# "# NAME: N passed, N failed[, N skipped]"; everything else it says is shown
# when it fails. A test that ends without that line, or with another exit
# status than 0 while claiming no failure, counts as one failure.
filter=$1
shift
passed=0 failed=0 skipped=0 bad=
log=$(mktemp) || exit 1
trap 'rm -f "$log"' EXIT
for test in "$@"; do
	case $test in *"$filter"*) ;; *) continue ;; esac
	start=$(date +%s)
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
	passed=$((passed + ${p:-0})) failed=$((failed + f)) skipped=$((skipped + ${s:-0}))
	printf '%-44s %s (%s s)\n' "$test" "$line" $(($(date +%s) - start))
	[ "${s:-0}" -eq 0 ] || grep '^skipped' "$log" | sed 's/^/    /'
	[ "$f" -eq 0 ] || { bad="$bad $test"; tail -n 60 "$log" | sed 's/^/    /'; }
done
[ -z "$bad" ] || echo "failed:$bad"
[ "$((passed + failed + skipped))" -gt 0 ] || { echo "no test matches \"$filter\""; failed=1; }
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
