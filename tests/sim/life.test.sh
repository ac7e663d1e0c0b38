# Simulations come up, live side by side, and leave nothing behind.
. tests/check.sh
blank="--profile blank"

printf '#!/bin/sh\ntest -S "$PCSCLITE_CSOCK_NAME" && exit 5\n' >"$scratch/shell"
chmod 700 "$scratch/shell"

# pcscd and everything else of a simulation is a descendant of the keeper,
# whose folder is in each of their command lines or environments.
gone() { # FOLDER: no folder, and no process that knows it
	i=0
	while [ -e "$1" ] || grep -qsF "$1" /proc/[0-9]*/cmdline; do
		i=$((i + 1))
		[ $i -lt 100 ] || return 1
		sleep 0.05
	done
}
folder='dirname $(dirname $PCSCLITE_CSOCK_NAME)'

check_status 0 "run passes on success" simrite-sim run $blank -- true
check_status 42 "run passes on the exit status" simrite-sim run $blank -- sh -c 'exit 42'
check_status 143 "run passes on death by signal" simrite-sim run $blank -- sh -c 'kill -TERM $$'
check_status 5 "shell passes on the shell's" env SHELL="$scratch/shell" simrite-sim shell $blank
check_status 127 "a command that is not there is 127" simrite-sim run $blank -- /no/such/command
check_status 2 "no command is misuse" simrite-sim run $blank
check_status 2 "17 cards are too many" simrite-sim run --cards 17 -- true
check_status 2 "0 cards are too few" simrite-sim run --cards 0 -- true
check_status 2 "so are x" simrite-sim run --cards x -- true
check_status 7 "a state folder that cannot be made is a fault" simrite-sim run $blank --state /proc/none -- true
check_match '^3$' "the command keeps its descriptors" sh -c "echo 3 >$scratch/three; simrite-sim run $blank -- cat /dev/fd/3 3<$scratch/three"

D=$(simrite-sim run $blank -- sh -c "$folder")
check "nothing is left after run" gone "$D"

for signal in INT TERM HUP KILL; do
	env --default-signal=INT simrite-sim run $blank --process --cards 2 -- sh -c "$folder >$scratch/d.new; mv $scratch/d.new $scratch/d; exec sleep 60" &
	run=$!
	while [ ! -e "$scratch/d" ]; do sleep 0.02; done
	D=$(cat "$scratch/d")
	rm "$scratch/d"
	test -S "$D/run/pcscd.comm" || echo "not ok $D is no simulation"
	kill -$signal $run
	wait $run 2>/dev/null
	check "nothing is left after SIG$signal" gone "$D"
done

# up, beside another, and down
first=$(simrite-sim up $blank --cards 2 2>/dev/null)
second=$(simrite-sim up $blank --cards 3 --process 2>/dev/null)
(
	eval "$first"
	simrite-sim status --json >"$scratch/status"
	opensc-tool -l | grep -c 'Yes'
) >"$scratch/first"
(
	eval "$second"
	opensc-tool -l | grep -c 'Yes'
) >"$scratch/second"
check_match '^2$' "the first simulation has its two readers" cat "$scratch/first"
check_match '^3$' "the second has its three" cat "$scratch/second"
check_match '^[0-9]+$' "status --json lists both" jq -e '.simulations | length | select(. >= 2)' "$scratch/status"
down() {
	eval "$1"
	D=$(dirname "$(dirname "$PCSCLITE_CSOCK_NAME")")
	simrite-sim down && gone "$D"
}
check "down ends the first" down "$first"
check_match 'Yes' "the second does not mind" sh -c "$second; opensc-tool -l"
check_status 3 "no card 9 to take out" sh -c "$first; simrite-sim remove 9"
check_status 2 "the second has no slot 9" sh -c "$second; simrite-sim remove 9"
check "down ends the second" down "$second"

# the keeper killed outright: the kernel ends the rest
third=$(simrite-sim up $blank 2>/dev/null)
D=$(
	eval "$third"
	dirname "$(dirname "$PCSCLITE_CSOCK_NAME")"
)
pid=$(for p in /proc/[0-9]*; do
	grep -qsF "$D" "$p/cmdline" && awk '/^PPid/{print $2}' "$p/status"
done | head -n 1)
kill -KILL "$pid"
sleep_until_dead() {
	i=0
	while grep -qsF "$D" /proc/[0-9]*/cmdline; do
		i=$((i + 1))
		[ $i -lt 100 ] || return 1
		sleep 0.05
	done
}
check "a killed keeper takes pcscd with it" sleep_until_dead
rm -rf "$D"

# memory that stays
iccids() { # OPTION...: of two cards, a line each
	simrite-sim run --cards 2 --state "$scratch/cards" "$@" -- sh -c 'for r in 0 1; do
		opensc-tool -r $r -c default -s 00:A4:00:0C:02:3F:00 -s 00:B0:82:00:0A | tail -n 1; done'
}
check_match '^98 88 12 01 00 00 00 00 10 F1' "a state folder's first card has the test ICCID" iccids
check_match '^98 88 12 01 00 00 00 00 20 F9' "its second has the next one" iccids
kept() { iccids >"$scratch/1" && iccids --profile blank >"$scratch/2" && iccids --process >"$scratch/3" &&
	cmp "$scratch/1" "$scratch/2" && cmp "$scratch/1" "$scratch/3"; }
check "cards in it stay what they are, linked in or as processes" kept
new() { iccids >"$scratch/1" && rm "$scratch/cards/card-01.nvm" && iccids --profile blank >"$scratch/2" && cat "$scratch/2"; }
check_match '^FF FF FF' "a card whose memory is gone is a new one" new
busy() { simrite-sim run $blank --state "$scratch/cards" -- simrite-sim run $blank --state "$scratch/cards" -- true; }
check_status 3 "two simulations cannot have the same cards at once" busy
check_fault 3 'card-00.nvm" is in use' "and it is said which" busy
mkdir "$scratch/bad"
head -c 3000000 /dev/zero >"$scratch/bad/card-00.nvm"
bad() { simrite-sim run $blank --state "$scratch/bad" "$@" -- true; }
check_fault 3 'not the memory of a card' "what is no card's memory is not used" bad
check_fault 3 'not the memory of a card' "nor by a card process" bad --process
check "and left alone" test "$(head -c 3000000 /dev/zero | sha256sum)" = "$(sha256sum <"$scratch/bad/card-00.nvm")"
modes() { stat -c %a "$scratch/cards" "$scratch"/cards/*; }
check_match '^700$' "the folder is the user's alone" modes
finish
