#!/bin/sh
# run-qemu.sh SOCKET [--image ELF] [--state FILE] - a micro:bit in QEMU, in the foreground.
#
# SOCKET (made, mode 0600) is its serial port: a Unix stream socket for one
# client at a time. SOCKET.qmp is QEMU's monitor; sending BREAK on the chardev
# "uart" there resets the card. End it with SIGTERM, SIGINT or SIGHUP.
# Without --image the environment's SIMRITE_MICROBIT names the image, else it is
# the one that make BOARD=microbit builds.
#
# --state FILE keeps the card's memory (the last 64 KB of flash) between runs:
# read before the start, written when the script ends by one of these signals
# (whole, under another name, then renamed). Killed otherwise, FILE holds what
# it held before. Without --state the memory lives as long as QEMU does.
#
# The environment's SIMRITE_QEMU holds more options for QEMU, for example
# "-icount shift=6,align=on", by which an instruction takes 64 ns, about what it
# takes the part at 16 MHz, so that long commands are as long as they are.
#
# Why this way: images given with -device loader are written again at every
# reset, which would undo the card's writes, so the memory goes in through the
# gdb port, once, before the first instruction; and QMP's pmemsave does not
# see this machine's flash, memsave does.
image=${SIMRITE_MICROBIT:-$(dirname "$0")/../../build/microbit/card.elf}
base=0x30000 size=65536 # memory.ld
socket= state=
usage() { echo "usage: run-qemu.sh SOCKET [--image ELF] [--state FILE]" >&2; exit 2; }
die() { echo "run-qemu: $*" >&2; exit 1; }
while [ $# -gt 0 ]; do
	case $1 in
	--image | --state)
		[ $# -ge 2 ] || usage
		[ "$1" = --image ] && image=$2 || state=$2
		shift 2 ;;
	-*) usage ;;
	*) [ -z "$socket" ] || usage; socket=$1; shift ;;
	esac
done
[ -n "$socket" ] || usage
[ -r "$image" ] || die "no image $image: make BOARD=microbit"
command -v qemu-system-arm >/dev/null || die "no qemu-system-arm: install qemu-system-arm"
case $socket$state in *,*) die "QEMU takes no comma in a file name" ;; esac
umask 077

# The monitor first: whoever finds the serial port finds it there.
qemu() {
	"$@" qemu-system-arm -M microbit -display none -monitor none -kernel "$image" \
		-qmp "unix:$socket.qmp,server=on,wait=off" \
		-chardev "socket,id=uart,path=$socket,server=on,wait=off" -serial chardev:uart $SIMRITE_QEMU $more
}
more=
[ -n "$state" ] || qemu exec

# ---- with a state ----

# gdb's "M address,length:bytes", 1 KB each, then "c": continue.
packets() {
	od -An -v -tx1 -w1024 "$1" | awk -v base=$((base)) '
	function packet(text,   sum, i) {
		for (i = 1; i <= length(text); i++) sum += value[substr(text, i, 1)]
		printf "$%s#%02x", text, sum % 256
	}
	BEGIN { for (i = 32; i < 127; i++) value[sprintf("%c", i)] = i }
	{ gsub(/ /, ""); packet(sprintf("M%x,400:%s", base + (NR - 1) * 1024, $0)) }
	END { packet("c") }'
}

exec 9>>"$state" || die "cannot write $state"
flock -n 9 || die "$state is in use: another card runs on it"
held=$(stat -c %s "$state")
[ "$held" -eq 0 ] || [ "$held" -eq $size ] || die "$state is not a micro:bit's memory: $held bytes, not $size"
pipes=$(mktemp -d) || exit 1
mkfifo "$pipes/gdb.in" "$pipes/gdb.out" "$pipes/monitor.in" "$pipes/monitor.out"
exec 3<>"$pipes/gdb.in" 4<>"$pipes/monitor.in"
child=
trap 'rm -rf "$pipes"' EXIT
stop=
trap 'stop=1' TERM INT HUP # save and end

# Its own session, so that Ctrl-C reaches this script only; and it dies with it.
more="-chardev pipe,id=monitor,path=$pipes/monitor -mon chardev=monitor,mode=readline"
[ "$held" -eq 0 ] || more="$more -S -gdb pipe:$pipes/gdb"
qemu setpriv --pdeathsig KILL setsid 3>&- 4>&- 9>&- &
child=$!
[ "$held" -eq 0 ] || packets "$state" >&3
# Until a signal, or QEMU ends. A signal just before a plain wait for QEMU would
# be missed, so the wait is for something short, again and again.
while [ -z "$stop" ] && kill -0 $child 2>/dev/null; do
	sleep 0.1 &
	wait $!
done
if kill -0 $child 2>/dev/null; then
	rm -f "$state.new"
	printf 'stop\nmemsave %s %s "%s"\nquit\n' $base $size "$state.new" >&4
	wait $child
	[ "$(stat -c %s "$state.new" 2>/dev/null)" = $size ] || die "the card's memory could not be written to $state"
	sync "$state.new" && mv "$state.new" "$state" || die "the card's memory is in $state.new"
	exit 0
fi
die "QEMU ended by itself; $state is as before"
