#!/bin/sh
# PROVES: what a cell says comes from what the thief was given, and from nothing else. Every thief of every world, run
# again: with nothing captured it gets nothing; with one bit of each captured key flipped it opens nothing; in a root
# folder with nothing in it but the two folders and the C library it gets the same. And another seed changes all keys
# and no conclusion.
. tests/check.sh
out=$scratch/lab

simrite heist matrix --cards 1 --clone none --access lte --travel together --out "$out" >"$scratch/first" || exit 1
simrite heist matrix --cards 1 --clone none --access lte --travel together --seed another --out "$scratch/other" >"$scratch/second" || exit 1

# ---- each thief, alone ----
steal() { # steal PROGRAM CAPTURED: its loot is in $scratch/loot; an input that is not there may be a fault
	rm -rf "$scratch/loot" && mkdir "$scratch/loot"
	simrite heist confine "$BIN/simrite-thief-$1" "$2" "$scratch/loot" >"$scratch/told" 2>&1
	status=$?
	[ $status -eq 0 ] || [ $status -eq 5 ] || { cat "$scratch/told"; return 1; }
	touch "$scratch/loot/keys.jsonl" "$scratch/loot/traffic.jsonl"
}
nothing() { [ ! -s "$scratch/loot/keys.jsonl" ] && [ ! -s "$scratch/loot/traffic.jsonl" ]; }
same() { cmp "$scratch/loot/keys.jsonl" "$1/loot/keys.jsonl" && cmp "$scratch/loot/traffic.jsonl" "$1/loot/traffic.jsonl"; }
program_of() { simrite heist list --json | jq -r --arg t "$1" '.thieves[]|select(.name==$t)|.program'; }

empty_handed() { mkdir -p "$scratch/empty" && steal "$1" "$scratch/empty" && nothing; }
for program in $(simrite heist list --json | jq -r '[.thieves[].program]|unique|.[]'); do
	check "$program: nothing captured, nothing stolen" empty_handed "$program"
done

bent() { # FOLDER PROGRAM
	rm -rf "$scratch/captured" && cp -r "$1/captured" "$scratch/captured" &&
		python3 tests/sim/flip.py "$1/loot" "$scratch/captured" && steal "$2" "$scratch/captured" && nothing
}
again() { steal "$2" "$1/captured" && same "$1"; }
successes=0
for folder in "$out"/worlds/*/thieves/*; do
	[ -s "$folder/loot/keys.jsonl" ] || continue
	successes=$((successes + 1))
	program=$(program_of "$(basename "$folder")") name=$(echo "$folder" | sed 's,.*/worlds/\(.*\)/thieves/,\1 ,')
	check "$name: run again, it gets the same" again "$folder" "$program"
	case $name in
	weak-hash-iccid-*" generator") ;; # no key is captured: there is none
	*) check "$name: one bit of each captured key flipped, nothing is opened" bent "$folder" "$program" ;;
	esac
done
check "(there are thieves that succeed)" [ "$successes" -ge 10 ]

# ---- in an empty root ----
cat >"$scratch/alone.sh" <<'END'
# alone.sh ROOT: inside namespaces of its own; ROOT has the thief and the C library, /captured and /loot
mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && mount -t tmpfs none "$1/loot" || exit 9
chroot "$1" /thief /captured /loot >/dev/null || exit 1
cat "$1/loot/keys.jsonl" "$1/loot/traffic.jsonl"
END
alone() { # PROGRAM FOLDER
	root=$scratch/root
	rm -rf "$root" && mkdir -p "$root/loot" && cp -r "$2/captured" "$root/captured" && cp "$BIN/simrite-thief-$1" "$root/thief"
	ldd "$root/thief" | grep -oE '/[^ ]+' | while read -r library; do
		mkdir -p "$root$(dirname "$library")" && cp -L "$library" "$root$library"
	done
	unshare --user --map-root-user --mount --net --pid --fork --ipc sh "$scratch/alone.sh" "$root" >"$scratch/alone" &&
		cat "$2/loot/keys.jsonl" "$2/loot/traffic.jsonl" | cmp - "$scratch/alone"
}
if unshare --user --map-root-user --mount --net --pid --fork --ipc true 2>/dev/null; then
	for folder in "$out/worlds/bulk-plain-lte/thieves/courier" "$out/worlds/bulk-plain-lte/thieves/insider" \
		"$out/worlds/derived-lte/thieves/master" "$out/worlds/agreed-lte/thieves/operator" "$out/worlds/agreed-lte/thieves/recorder"; do
		check "$(basename "$folder"): alone in an empty root it gets the same" alone "$(program_of "$(basename "$folder")")" "$folder"
	done
else
	skip "thieves alone in an empty root" "this kernel gives no namespaces"
fi

# ---- another seed ----
check "another seed changes no conclusion" sh -c "jq -S '[.cells[]|del(.confined)]' '$out/matrix.json' >'$scratch/a'; jq -S '[.cells[]|del(.confined)]' '$scratch/other/matrix.json' | cmp - '$scratch/a'"
# but of cards whose keys are made of their numbers, without a secret: they never change
all_keys() { find "$1/worlds" -path '*/loot/keys.jsonl' ! -path '*/weak-hash-iccid-*' -exec cat {} + | jq -r '.k,.opc' | sort -u; }
changed() {
	all_keys "$out" >"$scratch/keys" && all_keys "$scratch/other" >"$scratch/other.keys"
	[ "$(wc -l <"$scratch/keys")" -ge 10 ] && [ -z "$(comm -12 "$scratch/keys" "$scratch/other.keys")" ]
}
check "and every key" changed
finish
