# arrows.awk - stdin: "FILE:#include ..." of every source; -v pure="FILE.c ...": firmware/'s pure modules.
# Prints every include that points the wrong way (CONTRIBUTING.md), with the rule it breaks.

# How high in the card a file stands; it includes nothing higher. What is not named stands with its folder.
function level(name,   folder) {
	sub(/\.[a-zA-Z]*$/, "", name)
	if (name ~ /^(bounds|status|hal)$/) return 0
	if (name ~ /^fs\/(store|collect|walk|log|index)$/) return 2
	if (name == "apdu/command") return 3 # what a handler is given
	folder = name
	sub(/\/.*/, "", folder)
	if (folder in height) return height[folder]
	return -1
}
function wrong(why) {
	print at[i] ": " what[i] ": " why
}

BEGIN {
	height["codec"] = height["crypto"] = 1
	height["keys"] = 3
	height["auth"] = height["cat"] = height["custodian"] = height["fs"] = height["gp"] = height["gsm"] = height["pin"] = 4
	height["apdu"] = 5
	height["transport"] = 6
	height["card"] = 7
	split(pure, names, " ")
	for (n in names) {
		sub(/^firmware\//, "", names[n])
		is_pure[names[n]]
		sub(/\.c$/, ".h", names[n])
		is_pure[names[n]]
	}
}
{
	colon = index($0, ":")
	at[++count] = substr($0, 1, colon - 1)
	line = substr($0, colon + 1)
	what[count] = "?"
	if (match(line, /["<][^">]*[">]/))
		what[count] = substr(line, RSTART, RLENGTH)
	name = substr(what[count], 2, length(what[count]) - 2)
	if (what[count] ~ /^"/ && at[count] ~ /^firmware\//) {
		from = substr(at[count], 10)
		leads[from] = leads[from] " " name
	}
}
# Does a header of firmware/ lead to the card or to the machine it runs on?
function takes_card(header,   next_ones, n, k) {
	if (header == "card.h" || header == "hal.h") return 1
	if (header in known) return known[header]
	known[header] = 0
	n = split(leads[header], next_ones, " ")
	for (k = 1; k <= n; k++)
		if (takes_card(next_ones[k]))
			known[header] = 1
	return known[header]
}
function of_firmware(name) {
	return level(name) >= 0
}

function check_firmware(from, name,   own) {
	if (what[i] ~ /^</) {
		if (name !~ /^(stdint|stddef|stdbool|string|limits)\.h$/ && name !~ /^mbedtls\//)
			wrong("firmware has no such library")
		return
	}
	if (name ~ /^mbedtls\//) return
	own = level(from)
	if (own < 0 || !of_firmware(name))
		wrong(own < 0 ? "tests/layers/arrows.awk does not know this folder" : "not a header of firmware/")
	else if (name == "card.h" ? !(own >= 4 && from ~ /\.c$/) && own < 7 : level(name) > own)
		wrong(name == "card.h" ? "only handlers (their .c) see the whole card" : "points up")
	if (from in is_pure) {
		if (takes_card(name))
			wrong("a pure module takes no card and no hal")
		else if (!(name in is_pure) && has_source[name])
			wrong("a pure module stands on pure modules")
	}
}
function check_host(from, name, program) {
	if (what[i] ~ /^</) return
	if (name ~ /^lib\//) return
	if (program != "lib" && index(name, program "/") == 1) return
	if (of_firmware(name)) {
		if (takes_card(name))
			wrong("the host uses pure modules of the card only")
		return
	}
	wrong(program == "lib" ? "the library knows no program" : "not this program's, nor the library's")
}
function check_sim(from, name, program,   to) {
	if (what[i] ~ /^</) return
	to = name
	sub(/\/.*/, "", to)
	if (program == "theft") { # thieves: themselves, published arithmetic, the formats of what they stole
		if (name == "lib/share.h") return # SLIP-0039
		if (to == "theft" || to == "weak" || name ~ /^radio\/(air|capture|eea2|lte_keys|nas|nr_keys)\.h$/ || name ~ /^eap\/(eap_packet|eap_keys|ecdhe)\.h$/ || name ~ /^lib\/(fault|hpke)\.h$/) return
		if (!(of_firmware(name) && (name in is_pure || !has_source[name]) && !takes_card(name)))
			wrong("a thief knows nothing of ours")
		return
	}
	if (program == "backdoors") { # what a vendor puts inside a card
		if (to != program && !of_firmware(name))
			wrong("a backdoor is made of the card")
		return
	}
	if (program == "weak") { # arithmetic that thieves use, too
		if (to == "weak") return
		if (!(of_firmware(name) && (name in is_pure || !has_source[name]) && !takes_card(name)))
			wrong("what is weak is arithmetic")
		return
	}
	if (to == program || to == "lib") return
	if (program ~ /^(bureau|heist)$/ && to == "weak") return
	if (program == "heist" && (to ~ /^(report|theft|judge|radio)$/ || name ~ /^(backdoors\/vendor|bureau\/corpus)\.h$/)) return
	if (program == "radio" && to == "eap") return
	if (program == "vcard" && to == "reader") return
	if (program == "reader" || program == "vcard") {
		if (name ~ /^(card|bounds|status|native)\.h$/) return
	}
	if (program == "fleet" && name ~ /^(card\.h|radio\/(eea2|lte_keys|nas)\.h|theft\/(hoard|heard|spoils)\.h|ceremony\/(hierarchy|plan)\.h|report\/figures\.h)$/)
		return
	if (!of_firmware(name))
		wrong("sim/" program " stands on host/lib and itself")
	else if (takes_card(name))
		wrong("only reader, vcard and fleet hold a card")
}
function check_boards(from, name,   to) {
	if (what[i] ~ /^</ || name == "hal.h") return
	if (from == "card_main.c" && name == "card.h") return
	to = from
	sub(/[^\/]*$/, name, to)
	if (name ~ /\// || !(("boards/" to) in file))
		wrong("a board sees hal.h and itself")
}

END {
	n = split(files, names, " ")
	for (k = 1; k <= n; k++) {
		file[names[k]]
		if (names[k] ~ /^firmware\/.*\.c$/) {
			name = substr(names[k], 10)
			sub(/\.c$/, ".h", name)
			has_source[name] = 1
		}
	}
	for (i = 1; i <= count; i++) {
		name = substr(what[i], 2, length(what[i]) - 2)
		n = split(at[i], part, "/")
		from = substr(at[i], length(part[1]) + 2)
		if (what[i] == "?" || name ~ /(^|\/)\.\.?(\/|$)/ || name !~ /\.h$/) {
			wrong("include headers, by their name in the room")
			continue
		}
		if (name ~ /^mbedtls\// && at[i] !~ /^firmware\/crypto\//)
			wrong("only firmware/crypto/ includes mbedTLS")
		if (part[1] == "firmware") check_firmware(from, name)
		else if (part[1] == "host") check_host(from, name, part[2])
		else if (part[1] == "sim") check_sim(from, name, part[2])
		else if (part[1] == "boards") check_boards(from, name)
	}
	if (count < 100) print "only " count + 0 " includes: is this the tree?"
}
