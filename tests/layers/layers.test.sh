#!/bin/sh
# PROVES: make layers finds every kind of include that points the wrong way, and lets be what points down.
. tests/check.sh

cp -r --parents firmware boards host sim "$scratch"
rm -rf "$scratch"/*/*/*.md
PURE=$(make -s --no-print-directory BUILD="$BUILD" print-pure)
export PURE
layers() { sh tests/layers/layers.sh -t "$scratch"; }
bent() { # bent FILE INCLUDE: as if FILE included that
	mkdir -p "$(dirname "$scratch/$1")"
	cp "$scratch/$1" "$scratch/saved" 2>/dev/null || : >"$scratch/saved"
	printf '#include %s\n' "$2" >>"$scratch/$1"
	layers
	bent_status=$?
	if [ -s "$scratch/saved" ]; then cp "$scratch/saved" "$scratch/$1"; else rm "$scratch/$1"; fi
	return $bent_status
}

check "the tree as it is" layers
while read -r file include why; do
	check_fault 1 "^$file: .*$why" "$file may not include $include" bent "$file" "$include"
done <<'END'
firmware/codec/tlv.c "card.h" handlers
firmware/codec/tlv.c "fs/store.h" up
firmware/crypto/aes.c "hal.h" hal
firmware/crypto/drbg.c "fs/store.h" up
firmware/auth/milenage.c "keys/slot.h" card
firmware/auth/milenage.c "gp/personalise.h" pure
firmware/fs/store.c "fs/select.h" up
firmware/fs/store.c "keys/slot.h" up
firmware/fs/select.h "card.h" handlers
firmware/keys/slot.c "card.h" handlers
firmware/keys/slot.c "auth/authenticate.h" up
firmware/pin/pin.c "apdu/dispatch.h" up
firmware/gp/scp03.c "transport/t0.h" up
firmware/apdu/dispatch.c "transport/t0.h" up
firmware/hal.h "fs/store.h" up
firmware/fs/file.c <stdio.h> library
firmware/fs/file.c "../fs/store.h" room
firmware/fs/file.c "fs/store.c" room
firmware/fs/file.c "fs/table.inc" room
firmware/gp/scp03.c "mbedtls/aes.h" mbedTLS
firmware/gp/scp03.c "lib/fault.h" firmware
firmware/novel/thing.c "status.h" folder
host/lib/numbers.c "ceremony/plan.h" program
host/lib/numbers.c "radio/nas.h" program
host/lib/numbers.c "../../sim/radio/nas.h" room
host/lib/numbers.c "card.h" pure
host/lib/numbers.c "fs/store.h" pure
host/lib/numbers.c "keys/slot.h" pure
host/lib/numbers.c <mbedtls/aes.h> mbedTLS
host/card/main.c "ceremony/plan.h" not.this
host/card/main.c "../ceremony/plan.h" room
host/card/main.c "radio/nas.h" not.this
host/card/main.c "native.h" not.this
sim/radio/phone.c "ceremony/plan.h" itself
sim/radio/phone.c "heist/heist.h" itself
sim/radio/phone.c "card.h" hold.a.card
sim/heist/heist.c "fs/store.h" hold.a.card
sim/fleet/chip.c "fs/store.h" hold.a.card
sim/fleet/life.c "ceremony/audit.h" itself
sim/fleet/life.c "heist/heist.h" itself
sim/heist/heist.c "native.h" itself
sim/up/main.c "../../tests/unit/unit.h" room
sim/theft/mail.c "lib/output.h" thief
sim/theft/mail.c "heist/heist.h" thief
sim/theft/mail.c "radio/session.h" thief
sim/theft/mail.c "gp/personalise.h" thief
boards/native/nvm.c "card.h" board
boards/microbit/main.c "native.h" board
boards/template/main.c "crypto/aes.h" board
END
while read -r file include; do
	check "$file may include $include" bent "$file" "$include"
done <<'END'
firmware/gp/novel.c "card.h"
firmware/fs/novel.c "keys/slot.h"
firmware/auth/novel.h "apdu/command.h"
firmware/keys/slot.c "fs/store.h"
firmware/crypto/aes.c <mbedtls/aes.h>
host/lib/numbers.c "auth/milenage.h"
host/lib/numbers.c "gp/personalise.h"
host/card/main.c "card/commands.h"
sim/vcard/main.c "card.h"
sim/fleet/chip.c "card.h"
sim/fleet/keys.c "ceremony/hierarchy.h"
sim/theft/spoils.c "lib/share.h"
sim/heist/heist.c "report/report.h"
sim/theft/mail.c "auth/milenage.h"
END
finish
