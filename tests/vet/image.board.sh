#!/bin/sh
# PROVES: simrite vet image builds one image in two environments, byte for byte; takes it for the source's, as .elf and
# as .hex; and finds and names one instruction that was changed in the image only, a byte that was added, and a source
# of which the image is not.
. tests/check.sh
MBEDTLS=${MBEDTLS_SRC:-$PWD/$BUILD/mbedtls-src}
vet() { simrite-vet image --mbedtls "$MBEDTLS" "$@"; }

# One conditional branch of the sequence number's check becomes a no-operation: used numbers are good again.
cat >"$scratch/plant.py" <<'END'
import struct, subprocess, sys
elf, out = sys.argv[1:]
data = bytearray(open(elf, "rb").read())
for line in subprocess.run(["arm-none-eabi-nm", "-S", elf], capture_output=True, text=True, check=True).stdout.splitlines():
    if line.endswith(" sqn_array_accept"):
        address, size = (int(word, 16) for word in line.split()[:2])
phoff, phnum = struct.unpack_from("<I", data, 28)[0], struct.unpack_from("<H", data, 44)[0]
for i in range(phnum):
    kind, offset, vaddr, _, filesz = struct.unpack_from("<5I", data, phoff + 32 * i)
    if kind == 1 and vaddr <= (address & ~1) < vaddr + filesz:
        at = offset + (address & ~1) - vaddr
for k in range(at, at + size, 2):
    if data[k + 1] == 0xD8:  # bhi
        data[k:k + 2] = b"\xc0\x46"
        print(f"byte {k - at} of {size}")
        break
open(out, "wb").write(data)
END

built() { vet --work "$scratch/work" --json "$BUILD/microbit/card.elf" >"$scratch/result"; }
check "the image of this build is that of the source, which gives the same twice" built
told() { jq -e 'select(.type == "result") | .rebuilt.same and .image.same and .rebuilt.size == .image.size and .image.differ == 0 and (.built | length == 2) and (.unchecked | length == 3) and (.firmware | length == 64)' "$scratch/result"; }
check "  and says so, with what was not checked" told
elf=$scratch/work/a/tree/build/microbit/card.elf
check "the two are one file, names for debuggers and all" cmp "$elf" "$scratch/work/b/another/and/longer/name/of/a/folder/tree/build/microbit/card.elf"
published() { [ "$(sha256sum <"${elf%.elf}.hex" | cut -d' ' -f1)" = "$(jq -r 'select(.type == "result").sha256' "$scratch/result")" ]; }
check "its SHA-256 is that of the .hex" published

# ---- a change that is in no source ----
where=$(python3 "$scratch/plant.py" "$elf" "$scratch/planted.elf")
arm-none-eabi-objcopy -O ihex "$scratch/planted.elf" "$scratch/planted.hex"
planted() { vet "$scratch/planted.hex" >"$scratch/said"; status=$?; cat "$scratch/said"; return $status; }
check_fault 1 "sqn_array_accept in \.text, $where; built ..d8, there c046" "one instruction changed in the .hex is found and named" planted
check_match '^found +image: [0-9]+ bytes, 2 differ$' "  and nothing else differs" cat "$scratch/said"

# ---- what is no image ----
head -c 2000 "${elf%.elf}.hex" >"$scratch/cut.hex"
tree() { mkdir -p "$scratch/none" && (cd "$scratch/none" && simrite-vet image); }
check_fault 5 'run it in the source tree' "no source tree is a fault" tree
check_fault 5 'mbedtls' "nor is a library that is not there" simrite-vet image --mbedtls "$scratch/none/such"
check_status 2 "a board that is none is misuse" simrite-vet image --board ../x
finish
