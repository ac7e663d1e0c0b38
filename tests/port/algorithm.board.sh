# Every algorithm on the micro:bit: personalised and proven through pcscd, and
# one published set of each at the level of bytes (tests/vectors).
. tests/check.sh
. tests/port/boards.sh
talk=$BUILD/tests/t0_talk
umask 077

# load NAME ALGORITHM K [OPC]: a board of its own, whose key this is
load() {
	opc=${4:+,\"opc\":\"$4\"}
	echo "{\"schema\":1,\"algorithm\":\"$2\",\"k\":\"$3\"$opc}" >"$scratch/$1.json"
	check "$2: the board takes a key and proves it" timeout 120 simrite sim run --board microbit --state "$scratch/$1" \
		--profile blank -- simrite card program "$scratch/$1.json"
	check "$2: the board starts again with it" board_start --state "$scratch/$1/card-00.microbit"
}
select='00A4040407A0000000871002 61[0-9A-F]{2}'

# gsm RAND SRES KC: in the GSM context and in class A0, and 9864 for 3G when there is a fourth argument
gsm() {
	"$talk" "unix:$uart" <<-END
	reset 3B[0-9A-F]+
	A0A40000027F20 9F16
	A088000010$1 9F0C
	A0C000000C ${2}${3}9000
	$select
	008800801110$1 610E
	00C000000E 04${2}08${3}9000
	${4:+008800812210${1}10$1 9864}
	END
}

load milenage milenage 465b5ce8b199b49faa5f0a2ee238a6bc cd63cb71954a9f4e48a5994e37a02baf
check "TS 55.205 set 1" gsm 23553CBE9637A89D218AE64DAE47BF35 46F8416A EAE4BE823AF9A08B
board_stop

# TS 35.232 set 1, by its RES, CK and IK in the GSM context, and by AUTN: right,
# but too far ahead, so AUTS tells SQN 3F (of the proof) under the set's AK*.
load tuak tuak:res=4 abababababababababababababababab bd04d9530e87513c5d837ac2ad954623a8e2330c115305a73eb45d1f40cccbff
check "TS 35.232 set 1: f2, f3, f4 (c2, c3)" gsm 42424242424242424242424242424242 657ACD64 EF56191F0B148D91
rand=42424242424242424242424242424242
autn=608E0F8A8145FFFFF9A54E6AEAA8618 # and D
f1() {
	"$talk" "unix:$uart" <<-END
	reset 3B[0-9A-F]+
	$select
	008800812210${rand}10${autn}D 6110
	00C0000010 DC0EE7AF6B3D0E07[0-9A-F]{16}9000
	008800812210${rand}10${autn}C 9862
	END
}
check "TS 35.232 set 1: f1, f5, f5*, and a MAC with one wrong bit" f1
used=$(python3 tests/port/stack_used.py "$image" "$uart.qmp")
need=$(python3 tests/size/stack.py "$image" "$BUILD/microbit/obj" tests/size/pointers.txt | sed -n 's/^stack //p')
echo "# stack: $used bytes used, $need computed as the most"
check "the stack stayed within what was computed" test "${used:-0}" -gt 500 -a "${used:-99999}" -le "$need"
board_stop

load xor xor 000102030405060708090a0b0c0d0e0f
check "TS 34.108 8.1.2 (c2, c3)" gsm B5039C57E4A75051551D1A390A71CE48 0EC81877 98E880384887F9FE
board_stop

load v1 comp128v1 000102030405060708090a0b0c0d0e0f
check "COMP128v1 case 8" gsm 00102030405060708090A0B0C0D0E0F0 6A5FE604 033B9C6322643400 no3g
board_stop
load v2 comp128v2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
check "COMP128v2 case 2" gsm 00102030405060708090A0B0C0D0E0F0 A892A8EF D6D33E3650372C00 no3g
board_stop
load v3 comp128v3 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
check "COMP128v3 case 2" gsm 00102030405060708090A0B0C0D0E0F0 A892A8EF D6D33E3650372F78 no3g
board_stop
load xor2g xor-gsm 000102030405060708090a0b0c0d0e0f
check "TS 51.010-1 annex 4 case 2" gsm 00102030405060708090A0B0C0D0E0F0 00112233 445566778899AABB no3g
board_stop
finish
