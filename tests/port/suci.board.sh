# The SUCIs of the micro:bit: X25519 and P-256 on a Cortex-M0, undone by OpenSSL.
. tests/check.sh
. tests/port/boards.sh
. tests/interop/suci.sh
suci_all --board microbit
finish
