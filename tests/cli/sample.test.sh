#!/bin/sh
# PROVES: the sample ceremony in docs/ceremony/sample is sound, as its page says, and stays readable.
. tests/check.sh
awk '/^```sh$/{inside=1;next} /^```$/{inside=0} inside' docs/ceremony/sample/README.md | sed "s,/tmp/report.html,$scratch/report.html," >"$scratch/blocks"
check "the commands of its page" sh -e "$scratch/blocks"
cp "$scratch/.out" "$scratch/said"
said() { grep -E -- "$1" "$scratch/said"; }
check "  sound" said '^sound: ceremony rehearsal-lesson .rehearsal., 32 lines, closed'
check "  everybody signed the note" said 'note .*Alice, Bob, Carol, Wim'
check "  three receipts" said 'receipts +rehearsal-first: 3 cards, 0 missing'
check "  the proof of one card" said '^sound: card 8988211000000000029 was loaded'
check "  a report" grep -q rehearsal-lesson "$scratch/report.html"
sed '5s/[0-9]/7/4' docs/ceremony/sample/transcript.jsonl >"$scratch/bent.jsonl"
check_status 1 "bent, it is refused" simrite-ceremony verify "$scratch/bent.jsonl"
check_match sound "sound to the second verifier, too" python3 tests/verifier/verify.py transcript --fingerprint 744e1e12aad2f13a44170a8f95e6192c946748af26cea710c5a113c791244c6e \
	--plan docs/ceremony/sample/plan.json --note docs/ceremony/sample/transcript.note --receipts docs/ceremony/sample/receipts.jsonl docs/ceremony/sample/transcript.jsonl
check_match "" "and so is the proof" python3 tests/verifier/verify.py proof --fingerprint 744e1e12aad2f13a44170a8f95e6192c946748af26cea710c5a113c791244c6e docs/ceremony/sample/proof.json
# a policy: the same file for transcript and proof, and for both verifiers
sample=docs/ceremony/sample
verify() { simrite-ceremony verify "$@" $sample/transcript.jsonl; }
proof() { simrite-ceremony verify-proof "$@" $sample/proof.json; }
second() { kind=$1; shift; [ "$kind" = proof ] && set -- "$@" $sample/proof.json || set -- --note $sample/transcript.note "$@" $sample/transcript.jsonl
	python3 tests/verifier/verify.py "$kind" "$@"; }
check_match '^sound: ceremony' "a policy alone makes the transcript sound" verify --policy $sample/policy.txt
check_match 'policy .*policy.txt: quorum everybody is met' "and says whose quorum" verify --policy $sample/policy.txt
check_match 'custodians: 3 of 3, 2 wanted' "and of how many" verify --policy $sample/policy.txt
check_match '^sound: card' "and the proof" proof --policy $sample/policy.txt
check_match '"policy":\{"cosigned":\["Wim","Alice","Bob","Carol"\],"file":"[^"]*","log":true,"missing":\[\],"quorum":"everybody"\}' "and with --json" \
	sh -c "simrite-ceremony verify-proof --json --policy $sample/policy.txt $sample/proof.json | jq -cS ."
check_match '^sound: ' "to the second verifier, too" second transcript --policy $sample/policy.txt
check_match '^sound: ' "  and the proof" second proof --policy $sample/policy.txt
vkey() { # the two commands of simrite-policy(5), as printed
	jq -r '.witnesses[0].key' $sample/plan.json >"$scratch/key.txt"
	mandoc -T ascii -O width=1000 docs/man/simrite-policy.5 | sed 's/.\x08//g; s/^ *\$ //p; d' >"$scratch/vkey.sh"
	(cd "$scratch" && sh vkey.sh)
}
check_match "^$(sed -n 's/^witness Wim //p' $sample/policy.txt | sed 's/[+]/[+]/g')\$" "a key is written as its page says" vkey
openssl ecparam -name prime256v1 -genkey -noout 2>/dev/null | openssl ec -pubout -outform DER 2>/dev/null | base64 -w 0 >"$scratch/stranger"
stranger=$(base64 -d "$scratch/stranger" | sha256sum | cut -c 1-8)
sed "s,^witness Wim .*,witness Wim Wim+$stranger+$( (printf '\002'; base64 -d "$scratch/stranger") | base64 -w 0)," $sample/policy.txt >"$scratch/policy"
check_fault 1 'group everybody wants 2 of 2 and has 1' "another Wim than the plan's has not signed" verify --policy "$scratch/policy"
check_fault 1 'group everybody wants 2 of 2 and has 1' "  nor in the proof" proof --policy "$scratch/policy"
check_fault 1 'refused: .*quorum is not met' "  nor to the second verifier" second transcript --policy "$scratch/policy"
check_fault 1 'refused: .*quorum is not met' "  and of the proof" second proof --policy "$scratch/policy"
sed '/^— Bob\|^— Carol/d' $sample/transcript.note >"$scratch/two.note"
check_fault 1 'wants 2 of 2 and has 1' "two custodians' signatures less are too many" verify --note "$scratch/two.note" --policy $sample/policy.txt
sed '/^— Bob/d' $sample/transcript.note >"$scratch/one.note"
check_match 'custodians: 2 of 3, 2 wanted' "one less is not" verify --note "$scratch/one.note" --policy $sample/policy.txt
sed 's/^quorum .*/quorum none/; /^log/d' $sample/policy.txt >"$scratch/policy"
check_match '^self-consistent, signer unknown' "one that asks for nobody makes nothing sound" verify --policy "$scratch/policy"
sed '/^quorum/d' $sample/policy.txt >"$scratch/policy"
check_fault 5 'it has no quorum' "one without a quorum is none" proof --policy "$scratch/policy"
check_fault 5 'no note beside' "without a note there is nothing to hold against it" \
	sh -c "cp $sample/transcript.jsonl $scratch/alone.jsonl && simrite-ceremony verify --policy $sample/policy.txt $scratch/alone.jsonl"
# the proof by hand, as docs/ceremony/verify-by-hand.md prints it
mkdir "$scratch/hand"
sed -n '/^## A proof for one card/,/^## A share/{/^```sh$/,/^```$/{/^```/d;p;};}' docs/ceremony/verify-by-hand.md >"$scratch/by_hand.sh"
by_hand() { (cd "$scratch/hand" && sh "$scratch/by_hand.sh") >"$scratch/found" 2>&1; cat "$scratch/found"; }
jq -cS . docs/ceremony/sample/proof.json >"$scratch/hand/proof.json"
check_match '^fingerprint: 744e1e12aad2f13a44170a8f95e6192c946748af26cea710c5a113c791244c6e' "by hand, it has the fingerprint" by_hand
check_match '^card: 8988211000000000029$' "and the card" cat "$scratch/found"
check_status 1 "nothing bad" grep BAD "$scratch/found"
for bend in '.close.line |= sub("\"count\":[0-9]+"; "\"count\":7")' '.card.index += 1' '.close = .loaded' '.begin.path[0] = .begin.path[1]' '.card.receipt = .card.ticket'; do
	jq -cS "$bend" docs/ceremony/sample/proof.json >"$scratch/hand/proof.json"
	check_match BAD "bent: $bend" by_hand
done
finish
