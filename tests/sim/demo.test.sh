#!/bin/sh
# The demonstration: does it run, does it measure what it says, and would it
# notice if it did not? Everything is one small run and what is done to copies of it.
. tests/check.sh
out=$scratch/demo

check "the demonstration runs and its cells are as expected" simrite heist demo --cards 2 --seed 42 --out "$out"
check_match '"type": ?"result"' "again into the same folder, as JSON" simrite heist demo --cards 2 --seed 42 --out "$out" --json
check_status 6 "a folder that is no earlier run is left alone" simrite heist demo --cards 1 --out "$scratch"
echo 'my notes' >"$out/notes.txt"
check_status 6 "a run with something else beside it is left alone" simrite heist demo --cards 1 --out "$out"
check "  notes and run are still there" [ -s "$out/notes.txt" -a -s "$out/matrix.json" ]
rm "$out/notes.txt"
check_status 6 "a run in use is left alone" flock "$out/.simrite-heist" simrite heist demo --cards 1 --out "$out"
check_status 6 "  and not searched" flock "$out/.simrite-heist" simrite heist search --out "$out"
check "  and is still there" [ -s "$out/matrix.json" ]
check "the ceremony was a rehearsal" jq -e '.mode=="rehearsal" and (.id,.batches[].id|startswith("rehearsal-"))' "$out/plan.json"
check_status 2 "seventeen cards are refused: pcscd has slots for sixteen" simrite heist demo --cards 17 --out "$out"

# ---- the files ----
cell() {
	jq -e --arg d "$1" --arg t "$2" "[.cells[]|select(.design==\$d and .thief==\$t)]|length==1 and (.[0]|$3)" "$out/matrix.json"
}
check "matrix: schema, seed, cards, four cells, nothing else" jq -e \
	'keys==["cards","cells","schema","seed"] and .schema==1 and .seed=="42" and .cards==2 and (.cells|length==4)
	and all(.cells[]; .sessions==4 and .keys==2 and .sessions_before==4 and .sessions_after==0 and .false_keys==0 and .false_packets==0
	and .access=="lte" and .travel=="together" and .operator.vectors==8 and .operator.resynchronised==0)' "$out/matrix.json"
check "bulk-plain, courier: all" cell bulk-plain courier '.decrypted==4 and .recovered==2'
check "derived, courier: none" cell derived courier '.decrypted==0 and .recovered==0'
check "bulk-plain, master: none" cell bulk-plain master '.decrypted==0 and .recovered==0'
check "derived, master: all, and that is the price" cell derived master '.decrypted==4 and .recovered==2'
no_references() { ! grep -Eio '(src|href|action)="[^#]|url\([^#]|@import|<script|<iframe|https?:' "$1"; }
check "the report refers to nothing outside itself" no_references "$out/report.html"
check_match 'The price is the master' "the report says what deriving costs" cat "$out/report.html"
check_match '^page: 4 cells' "  and has every cell, with its evidence" python3 tests/sim/page.py "$out/report.html" "$out/matrix.json"
unfilled() { ! grep -n '{{' "$out/report.html"; }
check "no place of the page is left unfilled" unfilled
mode() { [ "$(stat -c %a "$1")" = "$2" ]; }
check "sealed/ is for its owner only" mode "$out/sealed" 700
check "thieves/ is for its owner only" mode "$out/thieves" 700
check "the transcript verifies, against its plan" simrite ceremony verify --plan "$out/plan.json" "$out/transcript.jsonl"

# ---- a program others wrote reads the radio ----
radio() { tshark -r "$out/radio.pcapng" --enable-heuristic pdcp_lte_udp "$@" 2>"$scratch/tshark.err"; }
count() { [ "$(radio -Y "$2" | wc -l)" -eq "$1" ]; }
check "tshark: eight attaches" count 8 'nas_eps.nas_msg_emm_type == 0x41'
check "tshark: eight challenges with RAND and AUTN" count 8 'gsm_a.dtap.rand && gsm_a.dtap.autn'
check "tshark: eight answers" count 8 'nas_eps.nas_msg_emm_type == 0x53'
check "tshark: the security mode command chooses 128-EEA2 and 128-EIA2" count 8 \
	'nas_eps.emm.toc == 2 && nas_eps.emm.toi == 2 && nas_eps.nas_msg_emm_type == 0x5d'
check "tshark: 48 PDCP packets" count 48 'pdcp-lte'
check "tshark: no NAS message is malformed" count 0 '_ws.malformed && nas_eps'
imsis() { radio -Y e212.imsi -T fields -e e212.imsi | sort -u | tr '\n' ' '; }
check_match '^001010000000101 001010000000102 001010000000201 001010000000202 $' "tshark: the subscribers" imsis
# Wireshark's own 128-EEA2, given the session's key by preference, deciphers what we enciphered.
decipher() {
	line=$(sed -n "$2p" "$out/sealed/truth-$1/sessions.jsonl")
	key=$(echo "$line" | jq -r .kup_enc) link=$(echo "$line" | jq -r .rnti)
	plain=$(echo "$line" | jq -r '[.pdus[].data[56:]]|sort|join(" ")')
	seen=$(radio -o pdcp-lte.decipher_userplane:TRUE -o "pdcp-lte.default_ciphering_algorithm:EEA2 (AES)" \
		-o pdcp-lte.check_sequence_numbers:Only-PDCP-frames -o "uat:pdcp_lte_ue_keys:\"$link\",\"\",\"${3:-$key}\",\"\"" \
		-Y "pdcp-lte.ueid == $link" -T fields -e data.data | sort | tr '\n' ' ')
	[ "$plain " = "$seen" ] && [ -n "$plain" ]
}
check "Wireshark deciphers a session of bulk-plain with its key" decipher bulk-plain 1
check "Wireshark deciphers a session of derived with its key" decipher derived 4
check_status 1 "and not with another key" decipher derived 4 00112233445566778899aabbccddeeff

# ---- secrets ----
check_match '[0-9]+ secrets in [0-9]+ files and [0-9]+ card answers, none found' "no secret is where it should not be" \
	simrite heist search --out "$out"
key=$(jq -r .k "$out/thieves/master/loot/keys.jsonl" | head -n 1)
plant() {
	"$@" >"$out/log/planted"
	simrite heist search --out "$out" && return 1
	[ $? -eq 1 ] || return 1
	rm "$out/log/planted"
}
raw() { echo "$key" | sed 's/../& /g' | tr ' ' '\n' | grep . | while read -r b; do printf "\\$(printf %03o "0x$b")"; done; }
upper() { echo "$key" | tr a-f A-F; }
spaced() { echo "$key" | sed 's/../&:/g'; }
shifted() { { printf x; raw; } | base64 -w 20; }
check "a planted key is found as bytes" plant raw
check "a planted key is found as hex in capitals" plant upper
check "a planted key is found as hex with colons" plant spaced
check "a planted key is found as base64, broken and out of step" plant shifted
pin() { cut -d';' -f9,11 "$out/sealed/bureau-bulk-plain/plain-1.csv" | tail -n 1; }
check "a PIN beside its card's number is found" plant pin
beside() { # a folder's name is left out, not every name that begins so
	raw >"$out/$1"
	simrite heist search --out "$out"
	[ $? -eq 1 ] && rm "$out/$1"
}
check "a key in a file called sealed.txt is found" beside sealed.txt
check "and in a copy of the mail that may have keys" beside mail/009.eml.bak
linked_file() {
	ln -s ../sealed/auc.db.kek "$out/log/link"
	simrite heist search --out "$out"
	[ $? -eq 1 ] && rm "$out/log/link"
}
check "and behind a symbolic link" linked_file
check_status 0 "and the run is clean again" simrite heist search --out "$out"
deaf() {
	cp "$out/sealed/answers.log" "$scratch/answers"
	echo "${key}9000" >>"$out/sealed/answers.log"
	simrite heist search --out "$out"
	[ $? -eq 1 ] && cp "$scratch/answers" "$out/sealed/answers.log"
}
check "a key in a card's answer is found" deaf

# ---- the judge is not to be fooled ----
truth="--truth bulk-plain=$out/sealed/truth-bulk-plain --truth derived=$out/sealed/truth-derived"
fake() { rm -rf "$scratch/loot" && cp -r "$out/thieves/courier/loot" "$scratch/loot"; }
# shellcheck disable=SC2086
judged() { simrite-judge --json $truth "$scratch/loot" | jq -e "$1"; }
fake
check "the judge repeats the courier's verdict" judged '.cells[0].decrypted==4 and .cells[0].recovered==2 and .false_keys==0 and .false_packets==0'
sed -i '1{s/0"}$/X"}/;t;s/[1-9a-f]"}$/0"}/};1s/X"}$/1"}/' "$scratch/loot/traffic.jsonl"
check "one wrong digit: the session does not count, the packet is a false claim" judged \
	'.cells[0].decrypted==3 and .false_packets==1'
fake
jq -c '.k=.opc' "$scratch/loot/keys.jsonl" >"$scratch/keys" && cp "$scratch/keys" "$scratch/loot/keys.jsonl"
check "keys that are none are false claims" judged '.cells[0].recovered==0 and .false_keys==2'
fake
cat "$out/thieves/courier/loot/keys.jsonl" >>"$scratch/loot/keys.jsonl"
check "a key claimed twice is one key" judged '.cells[0].recovered==2'
fake
: >"$scratch/loot/keys.jsonl" && : >"$scratch/loot/traffic.jsonl"
check "an empty loot is worth nothing" judged '[.cells[]|.decrypted+.recovered]|add==0'

# ---- thieves have what they were given, and no more ----
steal() { # steal NAME CAPTURED: the thief on its own, and what it got
	rm -rf "$scratch/loot" && mkdir "$scratch/loot"
	simrite heist confine "$BIN/simrite-thief-$1" "$2" "$scratch/loot" | tail -n 1
}
captured=$scratch/captured
cp -r "$out/thieves/courier/captured" "$captured"
check_match '"keys":2,"sessions":4' "the courier, run alone, gets the same" steal courier "$captured"
rm "$captured/mail/009.eml"
check_match '"keys":0,"sessions":0' "without the one mail the courier gets nothing" steal courier "$captured"
# the same file without its OPc column: K alone does not open Milenage
sed 's/\r$//' "$out/mail/009.eml" | sed -n '/base64/,/^--/p' | sed '1,2d;/^--/d' | base64 -d | cut -d';' -f1-15 >"$scratch/ki-only"
{
	printf 'Subject: OUTPUT FILE\nContent-Transfer-Encoding: base64\n\n'
	base64 "$scratch/ki-only"
} >"$captured/mail/009.eml"
check_match ';Ki;' "(the shortened file has the keys)" cat "$scratch/ki-only"
check_match '"hits":[1-9].*"keys":0,"sessions":0' "K without OPc opens nothing" steal courier "$captured"
rm -rf "$captured"
cp -r "$out/thieves/master/captured" "$captured"
check_match '"keys":2,"sessions":4' "the master thief, run alone, gets the same" steal master "$captured"
tr 0-9a-f 1-9a-f0 <"$out/thieves/master/captured/batch-key.hex" >"$captured/batch-key.hex"
check_match '"keys":0,"sessions":0' "with another batch key it gets nothing" steal master "$captured"
head -c 700 "$out/radio.pcapng" >"$captured/radio.pcapng"
check_status 5 "a damaged radio record is refused" simrite heist confine "$BIN/simrite-thief-master" "$captured" "$scratch/loot"
mkdir "$scratch/mine" && echo secret >"$scratch/mine/file"
if simrite heist confine "$BIN/simrite-thief-master" "$captured" "$scratch/loot" 2>/dev/null | grep -q '"files":true'; then
	check_fault 1 'Permission denied' "a confined program cannot read another folder" \
		simrite heist confine /bin/cat "$scratch/mine/file" "$out/matrix.json"
else
	skip "a confined program cannot read another folder" "this kernel has no Landlock"
fi
check_match '^/' "(printenv shows PATH here)" printenv PATH
check_status 1 "a confined program has no environment" simrite heist confine /usr/bin/printenv HOME PATH
try="$PWD/$BUILD/tests/sim/escape"
mkdir "$scratch/none"
tried() { [ "$("$try" | grep -c '^ESCAPED: a \(socket\|socket pair\|signal to the parent\)$')" -eq 3 ]; }
check "(what a thief could try works here)" tried
held() { simrite heist confine "$try" "$scratch/none" "$scratch/none" >"$scratch/held" && [ "$(grep -c ^held: "$scratch/held")" -ge 4 ] && ! grep ^ESCAPED "$scratch/held"; }
check "no socket, no signal, no other machine's calls when confined" held
unlocked() { "$BUILD/tests/sim/no_landlock" simrite heist demo --cards 1 --sessions 1 --out "$scratch/unlocked" "$@"; }
check_match '^ +NOT CONFINED: this kernel lacks Landlock' "without Landlock the demonstration goes on and says so" unlocked
check_match '"confined":\{"files":false,"sockets":true\}' "  as JSON, too" unlocked --json
check_match 'could not hold' "  and in the report" cat "$scratch/unlocked/report.html"
linked() { sh sim/theft/links.sh "$BUILD/obj/sim/theft/$1.map" "$BIN/simrite-thief-$1" "${2:-sim/theft/links.txt}"; }
check "the courier links published arithmetic only" linked courier
check "the master thief links published arithmetic only" linked master
check "and so do those that listen and stand between, with keys of others" eval "linked listener && linked station"
grep -v '^firmware/auth' sim/theft/links.txt >"$scratch/links"
check_fault 1 'must not contain' "the link check refuses what is not allowed" linked courier "$scratch/links"
# a source that is included is in no link map: the dependencies tell
mkdir -p "$scratch/obj/sim/theft"
smuggled() { # smuggled FILE: as if thief_courier.c included it
	(cd "$BUILD/obj" && find firmware host/lib sim/theft sim/radio sim/eap -name '*.d' -exec cp --parents -t "$scratch/obj" {} +)
	cp "$BUILD/obj/sim/theft/courier.map" "$scratch/obj/sim/theft/"
	printf 'x.o: \\\n %s sim/theft/loot.h\n' "$1" >>"$scratch/obj/sim/theft/thief_courier.d"
	sh sim/theft/links.sh "$scratch/obj/sim/theft/courier.map" "$BIN/simrite-thief-courier" sim/theft/links.txt
}
check_status 0 "(a copy of the dependencies passes)" smuggled sim/theft/loot.h
check_fault 1 '^ +sim/judge/judge.o$' "the link check refuses a source that is included" smuggled sim/judge/judge.c
check_fault 1 '^ +sim/heist/keys.inc$' "and one by another name" smuggled sim/heist/keys.inc

# ---- a run that fails says so ----
mkdir "$scratch/bin" && ln -s "$BIN"/* "$scratch/bin" && cp --remove-destination "$BIN/simrite-heist" "$scratch/bin"
instead() { # instead PROGRAM: the script on stdin is that program, in a demonstration
	rm -f "$scratch/bin/$1"
	cat >"$scratch/bin/$1" && chmod +x "$scratch/bin/$1"
	shift
	"$scratch/bin/simrite-heist" demo --cards 1 --sessions 1 --out "$scratch/failed" "$@"
}
wrong_judge() { printf '#!/bin/sh\n%s "$@" | jq -c ".cells[0].decrypted=0"\n' "$BIN/simrite-judge" | instead simrite-judge; }
check_fault 1 'bulk-plain, thief courier: decrypted: 0 of 1, expected all' "a cell that is not as expected fails the run" wrong_judge
check_match 'This run FAILED:</b> bulk-plain, thief courier' "  and the report begins with it" cat "$scratch/failed/report.html"
ln -sf "$BIN/simrite-judge" "$scratch/bin/simrite-judge"
poor() { printf '#!/bin/sh\necho "a warning" >&2\necho "simrite ceremony: the disk is full" >&2\necho "     free some" >&2\nexit 7\n' | instead simrite-ceremony >"$scratch/poor" 2>&1; }
check_status 7 "a child's fault is the run's" poor
check_match 'ceremony: exit status 7: simrite ceremony: the disk is full$' "  told by its cause" cat "$scratch/poor"
check_match '^ +free some$' "  with its hint" cat "$scratch/poor"
ln -sf "$BIN/simrite-ceremony" "$scratch/bin/simrite-ceremony"
batch_fails() { printf '#!/bin/sh\necho "simrite batch: no room" >&2\nexit 7\n' | instead simrite-batch --json 2>/dev/null; }
faults() { batch_fails | jq -cs 'map(select(.type=="fault"))|[length,.[0].code,.[0].text]'; }
check_match '^\[1,7,"order-bulk-plain: exit status 7: simrite batch: no room"\]$' "a batch's fault is told once in JSON" faults
finish
