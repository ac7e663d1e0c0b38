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
