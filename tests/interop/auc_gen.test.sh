# osmo-auc-gen computes, the card answers opensc-tool: one Milenage and one
# COMP128 vector that neither program nor card has seen before.
. tests/check.sh
for program in osmo-auc-gen opensc-tool eapol_test; do
	command -v $program >/dev/null || {
		skip "osmo-auc-gen against the card" "$program is not installed"
		finish
	}
done
if [ "$SIMRITE_TEST_INSIDE" != auc_gen ]; then
	rm -rf "$scratch"
	SIMRITE_TEST_INSIDE=auc_gen exec simrite sim run --cards 1 --profile test -- sh "$0"
fi
umask 077
k=465b5ce8b199b49faa5f0a2ee238a6bc
opc=cd63cb71954a9f4e48a5994e37a02baf
random() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
value() { sed -n "s/^$1:[[:space:]]*//p" "$scratch/vector"; } # NAME: of what osmo-auc-gen said
answer() { # APDU...: the last one's answer data and status word, in one line of hex
	sends=
	for apdu; do sends="$sends -s $apdu"; done
	opensc-tool -c default $sends 2>/dev/null | awk '
		/^Received/ { hex = ""; sw = $0; gsub(/.*SW1=0x|, SW2=0x|\).*/, "", sw); next }
		/^[0-9A-F][0-9A-F] / { for (i = 1; i <= NF && $i ~ /^[0-9A-F][0-9A-F]$/; i++) hex = hex $i }
		END { print tolower(hex sw) }'
}
usim=00A4040407A0000000871002

rand=$(random)
# SQN 160 is SEQ 5 in slot 0; AMF 8000 as every access but GERAN and UTRAN asks.
osmo-auc-gen -3 -a milenage -k $k -o $opc -f 8000 -s 160 -r "$rand" >"$scratch/vector" 2>&1
check_report $? "osmo-auc-gen makes a vector (RAND $rand)"
got=$(answer $usim "0088008122"10"$rand"10"$(value AUTN)"00)
want="db08$(value RES)10$(value CK)10$(value IK)08$(value Kc)9000"
check_match "^$want\$" "Milenage: the card has the same RES, CK, IK and Kc" echo "$got"
check_match "^04$(value SRES)08$(value Kc)9000\$" "and the same SRES and Kc in the GSM context" echo "$(answer $usim "0088008011"10"$rand"00)"
auts=$(answer $usim "0088008122"10"$rand"10"$(value AUTN)"00 | sed -n 's/^dc0e\(.*\)9000$/\1/p')
check_match '^[0-9a-f]{28}$' "the same vector again is answered with AUTS" echo "$auts"
check_match '^SQN.MS:[[:space:]]*160$' "from which osmo-auc-gen reads the card's SQN" \
	osmo-auc-gen -3 -a milenage -k $k -o $opc -f 8000 -A "$auts" -r "$rand"


# eapol_test has its own way to a card, and fixed RANDs.
triplets() { eapol_test -R simrite sim 1234 3 2>/dev/null | tr A-F a-f | sed -n 's/^001010000000001://p'; }
for byte in 00 01 02; do
	rand=$(printf "$byte%.0s" 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
	osmo-auc-gen -3 -a milenage -k $k -o $opc -f 8000 -s 160 -r "$rand" >"$scratch/vector" 2>&1
	check_match "^$(value Kc):$(value SRES):$rand\$" "eapol_test gets the triplet of RAND $byte.. from the card" triplets
done

for algorithm in comp128v1 comp128v2 comp128v3; do
	ki=$(random) rand=$(random)
	printf '{"schema":1,"algorithm":"%s","k":"%s"}' $algorithm "$ki" >"$scratch/$algorithm.json"
	check "the card gets a random Ki for $algorithm" simrite card program --reader simrite "$scratch/$algorithm.json"
	osmo-auc-gen -2 -a $algorithm -k "$ki" -r "$rand" >"$scratch/vector" 2>&1
	check_match "^04$(value SRES)08$(value Kc)9000\$" "$algorithm: the card has the same SRES and Kc" \
		echo "$(answer $usim "0088008011"10"$rand"00)"
done
finish
