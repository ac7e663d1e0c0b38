# boards/template, which a port starts from: it compiles for its part (make did
# that) and fills in all of hal.h.
. tests/check.sh
object=$BUILD/template/obj/boards/template/board.o

# members of struct hal but the context, which is a board's own affair
members() { sed -nE '/^struct hal \{/,/^\};/{s/.*\(\*([a-z_]+)\)\(.*/\1/p;s/.*uint32_t ([a-z_]+);.*/\1/p}' firmware/hal.h; }
filled() {
	members >"$scratch/members"
	[ "$(wc -l <"$scratch/members")" -ge 11 ] || return 1
	for member in $(cat "$scratch/members"); do
		grep -q "\.$member = " boards/template/board.c || { echo "the template does not fill in $member"; missing=1; }
	done
	[ -z "$missing" ]
}
alone() { ! nm -u "$object" | grep -vE ' U (mem[a-z]+|__aeabi_[a-z0-9_]+)$'; }
check "the template was compiled" test -s "$object"
check_match ' T board_start$' "and exports board_start" nm "$object"
check "and needs nothing of the card" alone
check "it fills in every member of struct hal" filled
finish
