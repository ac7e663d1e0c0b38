#!/bin/sh
# PROVES: a ceremony that is cut anywhere - killed, stopped, out of disk, left
# by its HSM - says so in one clear fault, goes on when it is run again, ends
# with a sound transcript, and uses nothing of what it abandoned.
. tests/check.sh

cat >"$scratch/plan.json" <<'END'
{"schema": 1, "id": "rehearsal-faults", "mode": "rehearsal", "title": "A ceremony with faults",
 "operator": "Example Mobile", "threshold": 2,
 "custodians": [{"name": "Alice", "role": "officer", "jurisdiction": "NL"},
                {"name": "Bob", "role": "auditor", "jurisdiction": "FR"}],
 "batches": [{"id": "rehearsal-b1", "count": 8}]}
END

# The transcript verifies, and the shares give the batch key that it tells of.
sound() { # folder
	simrite-ceremony verify "$1/transcript.jsonl" --plan "$scratch/plan.json" || return 1
	rm -f "$scratch/key"
	simrite-ceremony recover --expose-key --batch rehearsal-b1 --out "$scratch/key" \
		--transcript "$1/transcript.jsonl" "$1/shares/share-1.json" "$1/shares/share-2.json"
}

# ---- killed at any moment ----
# --foreground: timeout(1) outlives what it kills, so that the next run meets no folder still held by a dying one.
killed() {
	kills=0
	for ms in 05 10 15 20 25 30 35 40 45 50 60 70 80 90; do
		timeout --foreground -s KILL "0.0$ms" simrite-ceremony run "$scratch/plan.json" --out "$scratch/killed" >/dev/null 2>&1
		case $? in
		137) kills=$((kills + 1)) ;;
		0 | 6) break ;;
		*) echo "another end than being killed: $?"; return 1 ;;
		esac
	done
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/killed"
	case $? in 0 | 6) ;; *) return 1 ;; esac
	[ "$kills" -gt 0 ] && sound "$scratch/killed"
}
check "killed again and again, it goes on and ends sound" killed

# ---- no room: files may grow to n units of 512 bytes, n = 1, 2, 3, ... ----
full() {
	for n in 1 2 3 4 5 6 7 8 10 12 14 16 18 20; do
		(
			ulimit -f "$n"
			simrite-ceremony run "$scratch/plan.json" --out "$scratch/full" >"$scratch/log" 2>&1
		)
		status=$?
		[ "$status" -eq 7 ] || [ "$status" -eq 4 ] &&
			[ "$(grep -c 'simrite ceremony run: cannot' "$scratch/log")" -eq 1 ] ||
			{ echo "with $n units: status $status"; cat "$scratch/log"; return 1; }
	done
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/full" && sound "$scratch/full"
}
check "a full disk is one clear fault each time, and the ceremony goes on when there is room" full

# ---- the HSM: every call fails once, and from there on ----
real=
for module in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
	[ -e "$module" ] && real=$module && break
done
compile() { # in two steps: pkg-config's words must be words
	flags=$(pkg-config --cflags p11-kit-1) || return 1
	# shellcheck disable=SC2086
	${CC:-cc} -D_GNU_SOURCE -fPIC -shared $flags -o "$scratch/hsm_fails.so" tests/faults/hsm_fails.c -ldl
}
check "the failing HSM is built" compile

# A token of its own, found through the failing module; made once, copied for each run.
export HSM_REAL="$real" SOFTHSM2_CONF="$scratch/faulty/softhsm2.conf"
token() {
	mkdir -p "$scratch/faulty/tokens"
	printf 'directories.tokendir = %s/faulty/tokens\nlog.level = ERROR\n' "$scratch" >"$SOFTHSM2_CONF"
	(umask 077 && echo 123456 >"$scratch/faulty/pin")
	softhsm2-util --init-token --free --label faulty --pin 123456 --so-pin 123456 || return 1
	cp -r "$scratch/faulty/tokens" "$scratch/fresh-tokens"
	jq --arg hsm "pkcs11:token=faulty?module-path=$scratch/hsm_fails.so&pin-source=file:$scratch/faulty/pin" \
		'.hsm = $hsm' "$scratch/plan.json" >"$scratch/faulty/plan.json"
}
check "its token is made" token
run_faulty() { simrite-ceremony run "$scratch/faulty/plan.json" --out "$scratch/faulty/out" >"$scratch/log" 2>&1; }
faulty() { # stride once|""
	n=1
	while [ "$n" -lt 200 ]; do
		rm -rf "$scratch/faulty/out" "$scratch/faulty/tokens"
		cp -r "$scratch/fresh-tokens" "$scratch/faulty/tokens"
		(
			export HSM_FAIL_AT="$n" ${2:+HSM_FAIL_ONCE=1}
			run_faulty
		)
		status=$?
		[ "$status" -eq 0 ] && break
		[ "$status" -eq 4 ] && grep -q 'PKCS#11 0x30' "$scratch/log" ||
			{ echo "call $n: status $status"; cat "$scratch/log"; return 1; }
		# the HSM is well again
		run_faulty
		case $? in 0 | 6) ;; *) echo "after call $n:"; cat "$scratch/log"; return 1 ;; esac
		simrite-ceremony verify "$scratch/faulty/out/transcript.jsonl" >"$scratch/log" 2>&1 ||
			{ echo "after call $n:"; cat "$scratch/log"; return 1; }
		n=$((n + $1))
	done
	echo "$n calls"
	[ "$n" -gt 30 ] && [ "$n" -lt 200 ]
}
check "an HSM that breaks at any call is a fault, and the ceremony goes on with it mended" faulty 1
check "so is one that fails a single call" faulty 2 once

# ---- token gone ----
gone() {
	(
		ulimit -f 12
		simrite-ceremony run "$scratch/plan.json" --out "$scratch/gone" >/dev/null 2>&1
	)
	[ -s "$scratch/gone/transcript.jsonl" ] || return 2
	mv "$scratch/gone/hsm/tokens" "$scratch/away"
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/gone"
}
unset SOFTHSM2_CONF
check_status 4 "a token that vanished is a fault of the HSM" gone
mend() {
	rm -rf "$scratch/gone/hsm/tokens"
	mv "$scratch/away" "$scratch/gone/hsm/tokens"
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/gone" && sound "$scratch/gone"
}
check "with the token back it goes on" mend

# ---- Ctrl-C while a custodian is being waited for ----
mkfifo -m 600 "$scratch/dice"
stop() {
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/stopped" --entropy "Bob=file:$scratch/dice" \
		>"$scratch/log" 2>&1 &
	pid=$!
	tries=0
	until grep -q '"type":"commit"' "$scratch/stopped/transcript.jsonl" 2>/dev/null || [ "$tries" -eq 200 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	kill -INT "$pid"
	timeout 5 sh -c "echo 3141592653589793 >'$scratch/dice'"
	wait "$pid"
	status=$?
	cat "$scratch/log"
	return "$status"
}
check_status 8 "Ctrl-C ends it with what was done kept" stop
check_match 'run the same command again' "and says how to go on" cat "$scratch/log"
check "it goes on" simrite-ceremony run "$scratch/plan.json" --out "$scratch/stopped"
check_match '"attempts":2' "in a second attempt" simrite-ceremony verify --json "$scratch/stopped/transcript.jsonl"
check "and is sound" sound "$scratch/stopped"

# ---- two at once in one folder: the second touches nothing ----
two_at_once() {
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/twice" --entropy "Alice=file:$scratch/dice" \
		>"$scratch/log" 2>&1 &
	pid=$!
	tries=0
	until grep -q '"type":"attempt"' "$scratch/twice/transcript.jsonl" 2>/dev/null || [ "$tries" -eq 200 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/twice" >"$scratch/second" 2>&1
	second=$?
	timeout 5 sh -c "echo 3141592653589793 >'$scratch/dice'"
	wait "$pid" || { cat "$scratch/log"; return 9; }
	return "$second"
}
check_status 6 "a second ceremony in the folder of one under way is refused" two_at_once
check_match 'another ceremony is under way' "saying why" cat "$scratch/second"
check "and the first ends sound" sound "$scratch/twice"
# from the first moment on, when there is no transcript yet to lock
race() {
	n=0
	while [ "$n" -lt 12 ]; do
		rm -rf "$scratch/race"
		simrite-ceremony run "$scratch/plan.json" --out "$scratch/race" >"$scratch/log" 2>&1 &
		pid=$!
		sleep "0.0$n"
		simrite-ceremony run "$scratch/plan.json" --out "$scratch/race" >"$scratch/log2" 2>&1
		second=$?
		wait "$pid"
		first=$?
		case $first,$second in 0,6 | 6,0) ;; *) echo "$first, $second"; cat "$scratch/log" "$scratch/log2"; return 1 ;; esac
		sound "$scratch/race" || return 1
		n=$((n + 1))
	done
}
check "two begun together: one is held, one is refused" race

# ---- nothing abandoned is used: a share of the first attempt is stale ----
stale() {
	# cut after the shares were written: the transcript has room for line 12, not for the gate
	n=10
	while [ "$n" -lt 30 ]; do
		rm -rf "$scratch/stale"
		(
			ulimit -f "$n"
			simrite-ceremony run "$scratch/plan.json" --out "$scratch/stale" >/dev/null 2>&1
		)
		[ -e "$scratch/stale/shares/share-1.json" ] && break
		n=$((n + 1))
	done
	cp "$scratch/stale/shares/share-1.json" "$scratch/old-share.json" || return 2
	simrite-ceremony run "$scratch/plan.json" --out "$scratch/stale" || return 2
	simrite-ceremony recover --expose-key --batch rehearsal-b1 --out "$scratch/no-key" \
		--transcript "$scratch/stale/transcript.jsonl" "$scratch/old-share.json" "$scratch/stale/shares/share-2.json"
}
check_status 5 "a share of an abandoned attempt is refused" stale
check_fault 5 'old-share.json.*is stale' "and named" stale
check_status 1 "nothing came of it" test -e "$scratch/no-key"
finish
