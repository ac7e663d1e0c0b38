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
finish
