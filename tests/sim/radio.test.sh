#!/bin/sh
# Does a phone attach as the specifications say, also when card and centre disagree?
. tests/check.sh

# Inside simulated readers: $1 names a function below.
cat >"$scratch/inside.sh" <<'END'
. "$1/functions.sh"
"$2"
END
cat >"$scratch/functions.sh" <<END
scratch=$scratch
BIN=$BIN
END
cat >>"$scratch/functions.sh" <<'END'
PATH=$BIN:$PATH
centre() { # centre NAME K SQN: an authentication centre of its own
	printf '%s\n' "$2" >"$scratch/k"
	echo cd63cb71954a9f4e48a5994e37a02baf >"$scratch/opc"
	chmod 600 "$scratch/k" "$scratch/opc"
	simrite-auc init --database "$scratch/$1.db" && simrite-auc add --database "$scratch/$1.db" --imsi 001010000000001 \
		--k "file:$scratch/k" --opc "file:$scratch/opc" --sqn "$3" || exit 70
	serve "$1"
}
serve() {
	simrite-auc serve --database "$scratch/$1.db" --socket "$scratch/$1.sock" --until-parent-dies >"$scratch/$1.log" 2>&1 &
	server=$!
	for i in 1 2 3 4 5 6 7 8 9 10; do [ -S "$scratch/$1.sock" ] && break; sleep 0.1; done
}
attach() { # attach NAME OPTIONS
	name=$1
	shift
	simrite radio attach --auc "$scratch/$name.sock" --out "$scratch/$name.pcapng" --truth "$scratch/truth-$name" "$@" 2>&1
}
k=465b5ce8b199b49faa5f0a2ee238a6bc
good() { centre good $k 000000000000 && attach good --sessions 2; }
wrong_key() { centre wrong 00112233445566778899aabbccddeeff 000000000000 && attach wrong; }
unknown() { simrite-auc init --database "$scratch/empty.db" && serve empty && attach empty; }
absent() { attach nobody; }
other_reader() { centre reader $k 000000000000 && attach reader --readers nothing; }
resync() { # every slot of the card's array moves on; then a centre that has forgotten everything
	centre old $k 000000000000 && attach old --sessions 40 && kill $server && centre new $k 000000000000 && attach new --sessions 3
}
pins() {
	simrite-batch order --batch pins --design bulk-plain --count 1 --pin1-enabled --out "$scratch/order.json" &&
		simrite-batch personalise --out "$scratch/bureau" --readers simrite "$scratch/order.json" &&
		simrite-auc init --database "$scratch/pins.db" && simrite-auc import --database "$scratch/pins.db" "$scratch/bureau/pins.csv" || exit 70
	serve pins
	cut -d';' -f11 "$scratch/bureau/pins.csv" | tail -n 1 >"$scratch/pin"
	chmod 600 "$scratch/pin"
	attach pins && exit 71
	attach pins --pin "file:$scratch/pin"
}
END
inside() { simrite sim run --cards 1 --profile "${2:-test}" -- sh "$scratch/inside.sh" "$scratch" "$1"; }
types() { tshark -r "$scratch/$1.pcapng" -T fields -e nas_eps.nas_msg_emm_type -Y nas_eps.nas_msg_emm_type 2>/dev/null | tr '\n' ' '; }

check_match '1 phones, 2 sessions recorded' "a card of the test profile attaches twice" inside good
check_match '^0x41 0x52 0x53 0x5d .*0x41 0x52 0x53 0x5d' "tshark: request, challenge, answer, security mode command" types good
check_fault 1 '001010000000001: the network rejects this card' "a network that has another key is refused by the card" inside wrong_key
check_match '^0x41 0x52 0x5c 0x54' "tshark: the failure and the reject are on the air" types wrong
check_fault 1 'has no vector for 001010000000001' "an unknown subscriber does not attach" inside unknown
check_fault 5 'no authentication centre at' "no centre: a clear fault" inside absent
check_fault 3 'no reader that begins with "nothing"' "no phone: a clear fault" inside other_reader
check_match '1 phones, 3 sessions recorded' "a centre that forgot its numbers is resynchronised by the card" inside resync
check_match '^0x41 0x52 0x5c 0x52 0x53 0x5d' "tshark: AUTS went over the air, then a new challenge" types new
causes() { tshark -r "$scratch/new.pcapng" -T fields -e nas_eps.emm.cause -Y nas_eps.emm.cause 2>/dev/null | sort | uniq -c; }
check_match '^ *1 (21|0x15)' "once, with cause synch failure" causes
check_match 'the card wants its PIN' "a card with PIN 1 on does not attach without it" inside pins blank
check_match '^2$' "  and with it, it does, twice" grep -c . "$scratch/truth-pins/sessions.jsonl"
mode() { [ "$(stat -c %a "$1")" = "$2" ]; }
check "the truth is for its owner only" mode "$scratch/truth-good" 700
check "and so are its files" mode "$scratch/truth-good/sessions.jsonl" 600
check_status 2 "no --auc is misuse" simrite radio attach --out x --truth y
finish
