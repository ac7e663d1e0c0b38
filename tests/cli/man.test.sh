#!/bin/sh
# PROVES: every page is clean mdoc; a program's page and its --help name the
# same options and commands; no long option is the beginning of another (argp
# takes abbreviations, and a new option must not change what an old one means).
. tests/check.sh

options_in() { grep -oE -- '(^|[^a-z-])--[a-z][a-z0-9-]*' | grep -oE -- '--[a-z0-9-]*' | sort -u; }

# The options of a program's commands, each once; a program with one command has no --list-commands.
commands_of() { "$1" --list-commands 2>/dev/null; }
help_of() {
	commands=$(commands_of "$1")
	if [ -z "$commands" ]; then
		"$1" --help
	else
		for command in $commands; do "$1" "$command" --help; done
	fi
}

same_options() { # program page
	# only lines of an option list: "  -x, --name=ARG" or "      --name"
	help_of "$1" | grep -E '^ +(-., )?--' | sed 's/^ *\(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/' | sort -u >"$scratch/help"
	MANWIDTH=1000 mandoc -T ascii -O width=1000 "$2" | sed 's/.\x08//g' >"$scratch/page"
	# what the page quotes of other programs is in its EXAMPLES
	sed '/^EXAMPLES/,/^[A-Z]/{/^EXAMPLES/d;/^ /d;}' "$scratch/page" | options_in >"$scratch/paged"
	diff "$scratch/help" "$scratch/paged"
}

names_commands() { # program page
	mandoc -T ascii -O width=1000 "$2" | sed 's/.\x08//g' >"$scratch/page"
	for command in $(commands_of "$1"); do
		grep -qw -- "$command" "$scratch/page" || { echo "the page does not name $command"; return 1; }
	done
}

no_prefixes() { # the --help of one command on stdin
	grep -E '^ +(-., )?--' | sed 's/^ *\(-., \)\{0,1\}--\([a-z0-9-]*\).*/\2/' | sort -u >"$scratch/long"
	[ -s "$scratch/long" ] || { echo "no option at all"; return 1; }
	while read -r one; do
		if grep -q "^$one." "$scratch/long"; then
			echo "--$one begins $(grep "^$one." "$scratch/long" | tr '\n' ' ')"
			return 1
		fi
	done <"$scratch/long"
}

lint() { # page; that the others are not installed is no fault of it
	mandoc -T lint "$1" | grep -v 'referenced manual not found' >"$scratch/lint"
	cat "$scratch/lint"
	[ ! -s "$scratch/lint" ]
}

told_in_json() { # program: simrite-json(5) has every command of it that takes --json
	family=$(basename "$1" | sed 's/-/ /')
	for command in $(commands_of "$1"); do
		"$1" "$command" --help | grep -q -- --json || continue
		grep -E "^\.(Ss .* from|Ss result of) $family |^\.Cm $command( |\$)" docs/man/simrite-json.5 | grep -qw -- "$command" ||
			{ echo "simrite-json(5) does not say what $family $command prints"; return 1; }
	done
	[ -n "$(commands_of "$1")" ] || grep -q "^\.Ss result of $family\$" docs/man/simrite-json.5
}

for page in docs/man/*.[1-8]; do
	check "$(basename "$page") is clean mdoc" lint "$page"
done

for program in "$BIN"/simrite-*; do
	name=$(basename "$program")
	page=$(ls docs/man/"$name".[18] 2>/dev/null)
	[ -n "$page" ] || continue
	check "$name: --help and the page have the same options" same_options "$program" "$page"
	check "$name: the page names every command" names_commands "$program" "$page"
	case $name in
	simrite-vcard | simrite-thief-*) ;; # they print nothing, or for the demonstration only
	*) check "$name: simrite-json(5) has every result" told_in_json "$program" ;;
	esac
	for command in $(commands_of "$program"); do
		"$program" "$command" --help >"$scratch/help.txt" 2>&1
		check "$name $command: no option begins another" no_prefixes <"$scratch/help.txt"
	done
done

check_status 0 "simrite --help" simrite --help
check_status 0 "simrite --version" simrite --version
check_status 2 "simrite alone is misuse" simrite
check_status 2 "an unknown family is misuse" simrite crad
check_fault 2 'did you mean "simrite card"' "and gets a suggestion" simrite crad
check_status 2 "an unknown command is misuse" simrite card lsit
check_fault 2 'did you mean "simrite card list"' "and gets a suggestion too" simrite card lsit
check_status 2 "an unknown option is misuse" simrite card list --nonesuch
completes() { simrite completion bash >"$scratch/c" && bash -n "$scratch/c" && grep -q list-commands "$scratch/c"; }
check "completion for bash is a script bash accepts" completes
check_status 0 "completion for zsh" simrite completion zsh
check_status 0 "completion for fish" simrite completion fish
check_status 2 "completion for no shell is misuse" simrite completion
full() { simrite completion bash >/dev/full 2>/dev/null; [ $? -eq 7 ]; }
check "a result that cannot be written is a fault" full
finish
