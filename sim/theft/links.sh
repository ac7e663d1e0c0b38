#!/bin/sh
# links.sh MAP PROGRAM ALLOWED - what did the linker put into this thief?
#
# Fails when an object of this tree, or a shared library, is in the program
# that ALLOWED does not name. A line of ALLOWED is the end of an object's
# path, a folder (ends with /), or the beginning of a library's name. What an
# object was compiled from is looked up in the compiler's dependencies (the .d
# beside it): a source that is included instead of linked counts as linked, and
# of this tree nothing but sources and headers may be included.
map=$1 program=$2 allowed=$3
[ -s "$map" ] || { echo "links.sh: no link map $map"; exit 1; }

# Objects given on the command line ("LOAD path.o") and members taken out of
# archives ("path/libx.a(member.o)"). The archives hold no folders, so a member
# is looked up by the source file its debug information names.
objects() {
	sed -n 's/^LOAD \(.*\/obj\/\)\([^ ]*\.o\)$/\2/p' "$map"
	sed -n '/^Archive member included/,/^Discarded input/s/^[^ ]*\/lib\([a-z]*\)\.a(\([^)]*\))$/\1 \2/p' "$map" |
		while read -r archive member; do
			case $archive in
			pure) find firmware -name "${member%.o}.c" ;;
			simrite) find host/lib -name "${member%.o}.c" ;;
			sim) find sim -name "${member%.o}.c" ;;
			*) echo "$archive/$member" ;;
			esac
		done | sed 's/\.c$/.o/'
}
libraries() {
	readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^lib(asan|ubsan|m|gcc_s)\.so|^ld-linux'
}
# Files of this tree, other than headers, that went into the objects.
built=${map%/sim/theft/*}
included() {
	objects | while read -r object; do
		dependencies=$built/${object%.o}.d
		[ -s "$dependencies" ] || { echo "(no $dependencies)"; continue; }
		tr -s ' \\\n' '\n' <"$dependencies" | grep -v -e ':$' -e '^/' -e '\.h$' -e '\.mk$' -e '^Makefile$'
	done | sed 's/\.c$/.o/' | grep .
	grep -lE 'incbin|#[[:space:]]*embed' sim/theft/*.[ch] | sed 's/^/incbin in /'
}
bad=$({ objects; included; libraries; } | sort -u | while read -r thing; do
	ok=
	while read -r rule; do
		case $rule in
		'' | '#'*) ;;
		*/) case $thing in "$rule"*) ok=1 ;; esac ;;
		*) case $thing in "$rule"* | *"/$rule") ok=1 ;; esac ;;
		esac
	done <"$allowed"
	[ -n "$ok" ] || echo "$thing"
done)
[ -n "$(objects)" ] || { echo "links.sh: the link map $map names no object"; exit 1; }
[ -z "$bad" ] || { echo "$program must not contain:"; echo "$bad" | sed 's/^/  /'; exit 1; }
