#!/bin/sh
# PROVES: the harness itself can say no, and hides nothing: check_match, check_fault, run.sh and .ci/run.
. tests/check.sh

# a script of three checks, run as tests are
one() {
	printf '. tests/check.sh\n%s\nfinish\n' "$1" >"$scratch/one.test.sh"
	sh tests/run.sh one.test.sh "$scratch/one.test.sh"
}
check_match '^    what it came to$' "what a test tells is shown" one "check : true; tell what it came to"
# Two at a time would hide who is first.
order() {
	for name in a z y; do printf '. tests/check.sh\ncheck : true\nfinish\n' >"$scratch/$name.test.sh"; done
	mkdir -p "$scratch/runner" && cp tests/run.sh "$scratch/runner" && printf 'z.test.sh\ny.test.sh\n' >"$scratch/runner/longest.txt"
	JOBS=1 sh "$scratch/runner/run.sh" "" "$scratch"/[ayz].test.sh | sed 's/.*\([ayz]\).test.sh.*/\1/' | head -n 3 | tr -d '\n'
}
check_match '^zya$' "the longest tests begin, in their order" order
named() {
	while read -r name; do
		[ -n "$(find tests -name "$name" -o -name "$name.c")" ] || { echo "no $name"; return 1; }
	done <tests/longest.txt
}
check "each that is named is there" named
check_match '^1 passed, 0 failed$' "a match passes" one "check_match yes a echo yes"
check_fault 1 '^0 passed, 1 failed$' "no match fails" one "check_match yes a echo no"
check_fault 1 'exit status 3, wanted 0' "a match of a command that fails, fails" one "check_match yes a sh -c 'echo yes; exit 3'"
check_match '^1 passed, 0 failed$' "a fault with its status passes" one "check_fault 3 yes a sh -c 'echo yes; exit 3'"
check_fault 1 'exit status 4, wanted 3' "with another it fails" one "check_fault 3 yes a sh -c 'echo yes; exit 4'"
check_fault 1 'nothing matches yes' "with other words, too" one "check_fault 3 yes a sh -c 'echo no; exit 3'"
check_match '^0 passed, 0 failed, 1 skipped$' "a skip is counted" one "check : true; check_passed=0; skip this because"

# .ci/run with a make that only says what each step came to
mkdir "$scratch/ci" "$scratch/ci/.ci" "$scratch/bin"
cp .ci/run "$scratch/ci/.ci/run"
ci() { # ci TEXT-OF-make-test [STATUS]
	printf '#!/bin/sh\ncase "$*" in test) echo "%s"; exit %s ;; *) echo done ;; esac\n' "$1" "${2:-0}" >"$scratch/bin/make"
	chmod +x "$scratch/bin/make"
	(PATH=$scratch/bin:$PATH && bash "$scratch/ci/.ci/run") >"$scratch/said"
	ci_status=$?
	cat "$scratch/said"
	tail -n 1 "$scratch/said" | sed 's/^/last: /'
	return $ci_status
}
check_match '^last: 9 passed, 0 failed, 4 skipped$' "skips of tests and of whole steps are added up" ci '3 passed, 0 failed, 2 skipped'
check_match '^skipped step: a clean Debian 13: ' "and a step that cannot run is named" cat "$scratch/said"
check_fault 1 '^last: 9 passed, 1 failed, 2 skipped$' "failures are" ci '3 passed, 1 failed' 1
check_match '^failed step: tests$' "and named" cat "$scratch/said"
check_fault 1 '^last: 6 passed, 1 failed, 2 skipped$' "a step that dies without a word is a failure" ci '' 2
finish
