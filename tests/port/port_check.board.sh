# The port check on every board we have: all eighteen promises of hal.h.
. tests/check.sh
port=$BUILD/microbit/port_check.elf

# verdicts BOARD FILE: a check for each line of TAP, and for their number.
verdicts() {
	tr -d '\r' <"$2" >"$scratch/tap"
	check_match '^1\.\.18$' "$1: the port check announces 18 checks" cat "$scratch/tap"
	while read -r ok number what; do
		case $ok in
		ok) check "$1: $what" true ;;
		not) check "$1: $what" false ;;
		esac
	done <"$scratch/tap"
	check "$1: all 18 were made" test "$(grep -c -E '^(not )?ok [0-9]' "$scratch/tap")" -eq 18
	check_match '^# port keeps every promise' "$1: the port is ready" cat "$scratch/tap"
}

mkfifo "$scratch/silence"
sleep 20 >"$scratch/silence" &
silence=$!
env -u SIMRITE_NVM timeout 10 "$BUILD/native/port_check" <"$scratch/silence" >"$scratch/native"
kill $silence
verdicts native "$scratch/native"
check_match '^# no busy' "native: it has no timer for what takes long" cat "$scratch/tap"

# QEMU does not end when the board halts: stop it at the verdict.
timeout 30 qemu-system-arm -M microbit -icount shift=6 -display none -monitor none -serial "file:$scratch/microbit" -kernel "$port" 2>/dev/null &
qemu=$!
for wait in $(seq 100); do
	! grep -q '^# port' "$scratch/microbit" 2>/dev/null || break
	sleep 0.1
done
kill $qemu
wait $qemu
verdicts microbit "$scratch/microbit"
check_match '^# busy every 100 ms for 350: \.\.\.$' "microbit: while it works it sends a byte on time" cat "$scratch/tap"
check_match '^# a hundred answers of a busy card: (\.+x){100}$' "microbit: one after the other with its answers" cat "$scratch/tap"
check_match '^# what ends it: $' "microbit: none after send, nor in or after receive" cat "$scratch/tap"
finish
