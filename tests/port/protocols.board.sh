# What takes keys and a dialogue, on the micro:bit: SCP80, SCP02, GBA, the
# identity, and tickets. Derived keys and signatures are judged by Python and OpenSSL.
. tests/check.sh
. tests/port/boards.sh

check "the micro:bit starts" board_start
check "SCP80 with AES and triple DES, SCP02, GBA, identity, a load under a ticket by each method" "$BUILD/tests/protocols" "unix:$uart" "$scratch/claims"
check_match '^gba$' "Python's HMAC derives the same Ks_ext_NAF" python3 tests/port/protocols.py "$scratch/claims"
check_match '^(identity.){4}$' "OpenSSL verifies the proof of possession and three receipts" sh -c "python3 tests/port/protocols.py $scratch/claims | grep identity | tr '\n' .; echo"
used=$(python3 tests/port/stack_used.py "$image" "$uart.qmp")
need=$(python3 tests/size/stack.py "$image" "$BUILD/microbit/obj" tests/size/pointers.txt | sed -n 's/^stack //p')
echo "# stack: $used bytes used, $need computed as the most"
check "the stack stayed within what was computed" test "${used:-0}" -gt 500 -a "${used:-99999}" -le "$need"
finish
