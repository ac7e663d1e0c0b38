#!/bin/sh
# Does every command of the tutorials do what the text says? Their blocks are run
# in order, in a folder of their own: the first on a small demonstration, the
# second where three blank cards are in three readers.
. tests/check.sh
blocks() { awk -v to="$scratch/$1" '/^```sh$/{n++;inside=1;next} /^```$/{inside=0} inside{print > (to n ".sh")}' "docs/tutorial/$2"; }

# ---- 1. the heist ----
mkdir "$scratch/run" "$scratch/run/build"
ln -s "$BIN" "$scratch/run/build/bin"
blocks heist 01-the-heist.md
in_run() { (cd "$scratch/run" && sh -e "$1"); }
i=0
while i=$((i + 1)) && [ -s "$scratch/heist$i.sh" ]; do
	if grep -q '^make demo$' "$scratch/heist$i.sh"; then
		echo 'simrite heist demo --cards 2 --out build/demo' >"$scratch/heist$i.sh"
	fi
	case $(cat "$scratch/heist$i.sh") in
	*bent.jsonl*) match='refused, as it should be' ;;
	*forgotten*) match='^found$' ;;
	*'search --out'*) match='none found' ;;
	*009.eml*base64*) match=';Ki;' ;;
	*020.eml*) match='KCV_K' ;;
	*batch-key.hex*) match='"keys":0,"sessions":0' ;;
	*thief-courier*) match='"keys":0,"sessions":0' ;;
	*messages.txt*) match='says' ;;
	*'-T fields'*) match='00101000000' ;;
	*tshark*) match='Authentication request' ;;
	*Subject*) match='OUTPUT FILE' ;;
	*--version*) match='[0-9]\.[0-9]' ;;
	*) match='derived +master +4 of 4' ;;
	esac
	check_match "$match" "heist $i: $(head -n 1 "$scratch/heist$i.sh" | cut -c1-60)" in_run "$scratch/heist$i.sh"
	case $(cat "$scratch/heist$i.sh") in
	*batch-key.hex*)
		cp "$scratch/.out" "$scratch/both"
		check_match '"keys":2,"sessions":4' "  and with the right key it had opened everything" cat "$scratch/both"
		;;
	esac
done
check "the first tutorial has a dozen blocks" [ "$i" -ge 13 ]

# ---- 2. a key that nobody holds: one shell, as its reader has ----
blocks lesson 02-a-ceremony.md
i=0
while i=$((i + 1)) && [ -s "$scratch/lesson$i.sh" ]; do
	{
		cat "$scratch/lesson$i.sh"
		echo "echo '## end of $i'"
	} >>"$scratch/lesson"
done
mkdir "$scratch/lesson.run"
lesson() { (cd "$scratch/lesson.run" && simrite sim run --cards 3 --profile blank -- sh -e "$scratch/lesson"); }
check "the second tutorial runs from end to end" lesson
cp "$scratch/.out" "$scratch/said"
in_block() { # N REGEX
	awk -v n="$1" '/^## end of /{at = $4; if (at == n) {printf "%s", text} text = ""; next} {text = text $0 "\n"}' "$scratch/said" | grep -E -- "$2"
}
check "  three custodians" in_block 1 '^Carol'
check "  who can restore" in_block 2 'Alice'
check "  the ceremony waits for receipts" in_block 3 'waits for receipts: rehearsal-first'
check "  no share on the disk, and a ticket" in_block 4 '"number":1'
check "  three cards made" in_block 5 '3 cards made'
check "  and their file has no key" in_block 6 'IMSI;.*KCV_K'
check "  the ceremony is closed" in_block 7 'closed'
check "  sound, to the auditor" in_block 8 'sound'
check "  the proof of one card" in_block 9 '8988211000000000029'
check "  bent is refused" in_block 10 'refused, as it should be'
check "  and the card has counted" in_block 11 'released +2 times'
check "the second tutorial has a dozen blocks" [ "$i" -ge 12 ]
finish
