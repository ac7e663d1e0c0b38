# A command that takes the micro:bit longer than a terminal waits: NULL bytes
# keep the terminal waiting, and come at no other time. QEMU is as fast as it
# can be, so here an instruction takes 64 ns, about what it takes the part.
. tests/check.sh
. tests/port/boards.sh
. tests/interop/suci.sh
export SIMRITE_QEMU

# wire NAME: from now on what a card sends goes to this file
wire() { SIMRITE_QEMU="-icount shift=6,align=on -set chardev.uart.logfile=$scratch/$1"; }
sent() { od -An -v -tx1 "$scratch/$1" | tr -d ' \n'; }

# A terminal that takes its time; then the SUCI.
subscriber 02020101 | sed 's/$/ 9000/' >"$scratch/commands"
cat >>"$scratch/commands" <<'END'
00D6000002A004 9000 slowly
00B0000001 9000 slowly
8078000138 9000
END
patience() { python3 tests/port/patience.py "$uart" <"$scratch/commands" >"$scratch/heard"; }

wire bytes
check "the micro:bit starts, as slow as it is" board_start
check "a terminal that waits for a second and no longer hears every answer, and nothing out of turn" patience
cat "$scratch/heard"
check_match '^78 [34] NULLs, [0-9]+ ms, a136' "the SUCI came after NULLs" cat "$scratch/heard"
check "what takes no time came without" test "$(grep -c ' 0 NULLs, ' "$scratch/heard")" -eq 11
check_match 'a0900060(60)+78a136[0-9a-f]{108}9000$' "they are on the wire between header and procedure byte" sent bytes

check "a secure channel and a key pair made on the card" "$BUILD/tests/protocols" "unix:$uart" "$scratch/claims"
check_match '9000e2(60)+(9000|61)' "NULLs came between the data of a command and its status word" sent bytes
check_match '^identity$' "OpenSSL verifies what was signed" python3 tests/port/protocols.py "$scratch/claims"
used=$(python3 tests/port/stack_used.py "$image" "$uart.qmp")
need=$(python3 tests/size/stack.py "$image" "$BUILD/microbit/obj" tests/size/pointers.txt | sed -n 's/^stack //p')
echo "# stack: $used bytes used, $need computed as the most"
check "the stack stayed within what was computed" test "${used:-0}" -gt 500 -a "${used:-99999}" -le "$need"
board_stop

wire pcscd
check_match '^B 99f907 17ff 1e 0000001032$' "the same through pcscd: OpenSSL finds the number" identity 02020101 38 --board microbit
check_match '900060(60)+78a136' "and there were NULLs" sent pcscd
finish
