# A custodian's card on the micro:bit through pcscd: made its holder's own, asked for
# a contribution, a share and signatures, which OpenSSL checks; what it held is
# there at the next start, and then destroyed. How deep its stack gets is seen.
. tests/check.sh
. tests/port/boards.sh
umask 077
state=$scratch/state
SET=0102030405060708
echo 246810 >"$scratch/pin"
echo 13579135 >"$scratch/code"

board() { timeout 300 simrite sim run --board microbit --state "$state" --profile blank -- "$@"; }
said() { printf '%s\n' "$@" >"$scratch/lines"; board sh -c "'$BUILD/tests/custodian_talk' <'$scratch/lines'" >"$scratch/talk" 2>&1; s=$?; cat "$scratch/talk"; return $s; }
last() { sed -n "s/^$1 //p" "$scratch/talk" | tail -n 1; }
nth() { sed -n 's/^signature //p' "$scratch/talk" | sed -n "$1p"; }
signed() { # N TEXT: does the N-th signature that was said fit it?
	nth "$1" | base64 -d >"$scratch/signature"
	printf "$2" >"$scratch/text"
	openssl dgst -sha256 -verify "$scratch/key.pem" -signature "$scratch/signature" "$scratch/text"
}

check "enrolled" board sh -c "simrite ceremony enrol --pin 'file:$scratch/pin' --code 'file:$scratch/code' --json >'$scratch/enrolled'"
key=$(jq -r .key "$scratch/enrolled")
echo "$key" | base64 -d | openssl ec -pubin -inform DER -out "$scratch/key.pem" 2>/dev/null
check "contributes, stores a share and signs" said "find $key" "pin 246810" "contribute c1 2" "reveal c1 2" \
	"store c1 2 2 3" "present c1 Ada" "confirm c1" "release c1 2" status
no_fault() { ! grep '^fault' "$scratch/talk"; }
check "without a fault" no_fault
check "the commitment is signed" signed 1 "simrite commit v1\nc1\n$SET\n2\n$(sed -n 's/^commitment //p' "$scratch/talk" | head -n 1)"
check "and is what was revealed" test "$(printf "simrite contribution v1\nc1\n$SET\n2\n$(last contribution)" | sha256sum | cut -c1-64)" \
	= "$(sed -n 's/^commitment //p' "$scratch/talk" | head -n 1)"
check "that the share is held is signed" signed 2 "simrite share held v1\nc1\n$SET\n2\n$(last commitment)"
check "as is who is present" signed 3 "simrite present v1\nc1\nAda\n$(printf '33%.0s' $(seq 32))"
check "the share comes back" test "$(last value)" = "$(printf '22%.0s' $(seq 32))"
check_match 'share 1 of c1 contribution 0 releases 1' "and the card counts it" cat "$scratch/talk"
check_match '"share":\{"state":"held","ceremony":"c1"' "all of it is there at the next start" board simrite ceremony card-status --json

# The deepest of it, byte by byte.
exchanges() {
	"$BUILD/tests/t0_talk" "unix:$uart" <<-END
	reset 3B[0-9A-F]+
	00A4040C09F073696D7269746501 9000
	0020008208313131313131FFFF 63C2
	0020008208323436383130FFFF 9000
	8038000023036B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2966331 6161
	00C0000061 [0-9A-F]{194}9000
	803A00000B0102030405060708036331 6160
	00C0000060 [0-9A-F]{192}9000
	80400000026332 6A88
	END
}
check "the micro:bit starts with that memory" board_start --state "$state/card-00.microbit"
check "it opens a session, and draws again" exchanges
used=$(python3 tests/port/stack_used.py "$image" "$uart.qmp")
need=$(python3 tests/size/stack.py "$image" "$BUILD/microbit/obj" tests/size/pointers.txt | sed -n 's/^stack //p')
echo "# stack: $used bytes used, $need computed as the most"
check "the stack stayed within what was computed" test "${used:-0}" -gt 500 -a "${used:-99999}" -le "$need"
board_stop

check_match 'is destroyed' "destroyed" board simrite ceremony destroy-share --ceremony c1 --pin "file:$scratch/pin"
sed -n 's/^\(signature\|commitment\)  */\1 /p' "$scratch/.out" >"$scratch/talk"
check "and signed for" signed 1 "simrite share destroyed v1\nc1\n$SET\n2\n$(last commitment)"
finish
