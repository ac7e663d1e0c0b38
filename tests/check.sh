# check.sh - for *.test.sh: count, say, clean up. Source it first:
#
#     . tests/check.sh
#     check "what should hold" COMMAND...       passes when COMMAND exits 0
#     check_status N "what" COMMAND...          passes when COMMAND exits N
#     check_match REGEX "what" COMMAND...       passes when it exits 0 and its output (both streams) matches
#     check_fault N REGEX "what" COMMAND...     passes when it exits N and its output (both streams) matches
#     skip "what" "why"                         counted and shown, never silent
#     tell "what it came to"                    shown with the test's result
#     finish                                    the last line of every script
#
# $scratch is a private folder, removed at the end with everything this script started.
BUILD=${BUILD:-build}
BIN=$PWD/$BUILD/bin
PATH=$BIN:$PATH
export PATH
scratch=$(mktemp -d "${TMPDIR:-/tmp}/simrite-test.XXXXXX") || exit 1
check_passed=0 check_failed=0 check_skipped=0
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

check_report() {
	if [ "$1" -eq 0 ]; then
		check_passed=$((check_passed + 1))
		echo "ok $2"
	else
		check_failed=$((check_failed + 1))
		echo "not ok $2"
		sed 's/^/    /' "$scratch/.out"
	fi
}

check() {
	what=$1
	shift
	"$@" >"$scratch/.out" 2>&1
	check_report $? "$what"
}

check_status() {
	want=$1 what=$2
	shift 2
	"$@" >"$scratch/.out" 2>&1
	got=$?
	[ "$got" -eq "$want" ] || echo "exit status $got, wanted $want" >>"$scratch/.out"
	[ "$got" -eq "$want" ]
	check_report $? "$what"
}

check_fault() {
	want=$1 regex=$2 what=$3
	shift 3
	"$@" >"$scratch/.out" 2>&1
	got=$?
	grep -Eq -- "$regex" "$scratch/.out"
	matched=$?
	[ "$matched" -eq 0 ] || echo "nothing matches $regex" >>"$scratch/.out"
	[ "$got" -eq "$want" ] || echo "exit status $got, wanted $want" >>"$scratch/.out"
	[ "$matched" -eq 0 ] && [ "$got" -eq "$want" ]
	check_report $? "$what"
}

check_match() {
	check_fault 0 "$@"
}

skip() {
	check_skipped=$((check_skipped + 1))
	echo "skipped $1: $2"
}

tell() {
	echo "told $*"
}

finish() {
	name=$(basename "$0" .test.sh)
	if [ "$check_skipped" -gt 0 ]; then
		echo "# $name: $check_passed passed, $check_failed failed, $check_skipped skipped"
	else
		echo "# $name: $check_passed passed, $check_failed failed"
	fi
	[ "$check_failed" -eq 0 ]
	exit $?
}
