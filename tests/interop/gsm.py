#!/usr/bin/env python3
"""gsm.py READER [PIN]: what a 2G terminal does, in the class A0, over PC/SC.

The order of wpa_supplicant's GSM fallback (SELECT MF, DF.GSM, bit 8 of byte 14,
VERIFY CHV, IMSI, AD, RUN GSM ALGORITHM), then every other command of TS 51.011
that a classic SIM tool uses. Ends with 1 and says which answer was not as the
specification has it.
"""
import sys

from smartcard.CardConnection import CardConnection
from smartcard.System import readers

# TS 55.205 set 1: what the key of the profile "test" gives.
RAND, SRES, KC = "23553CBE9637A89D218AE64DAE47BF35", "46F8416A", "EAE4BE823AF9A08B"


class Terminal:
    def __init__(self, name):
        self.card = next(r for r in readers() if str(r).startswith(name)).createConnection()
        self.card.connect(CardConnection.T0_protocol)

    def ask(self, text, want="9000"):
        """One TPDU; its data as hex when the status word is the one wanted."""
        data, sw1, sw2 = self.card.transmit(list(bytes.fromhex(text)))
        got = f"{sw1:02X}{sw2:02X}"
        if got != want:
            sys.exit(f"{text}: {got}, wanted {want}")
        return bytes(data).hex().upper()

    def select(self, fid, length):
        self.ask("A0A4000002" + fid, "9F%02X" % length)
        return bytes.fromhex(self.ask("A0C00000%02X" % length))


def equal(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got}, wanted {want}")


def main(name, pin):
    t = Terminal(name)
    mf = t.select("3F00", 22)
    equal("type of the MF", mf[6], 1)
    equal("length that follows", mf[12], 9)
    gsm = t.select("7F20", 22)
    equal("FID of DF.GSM", gsm[4:7].hex(), "7f2002")
    equal("CHV1 is disabled", gsm[13] >> 7, 0 if pin else 1)
    equal("CHV1 has tries", gsm[18], 0x83)
    if pin:
        t.ask("A088000010" + RAND, "9804")
        t.ask("A020000100", "6708")
        t.ask("A020000108" + "39" * 8, "9804")
        t.ask("A020000108" + pin.encode().ljust(8, b"\xff").hex())
    imsi = t.select("6F07", 15)
    equal("size of EF.IMSI", imsi[2:4].hex(), "0009")
    equal("IMSI", t.ask("A0B0000009"), "080910100000000010")
    t.select("6FAD", 15)
    t.ask("A0B0000004")
    t.ask("A0B0000005", "6704")
    t.ask("A088000010" + RAND, "9F0C")
    equal("SRES and Kc", t.ask("A0C000000C"), SRES + KC)

    t.select("6F20", 15)  # EF.Kc, as a phone writes it
    t.ask("A0D6000009" + KC + "00")
    equal("Kc kept", t.ask("A0B0000009"), KC + "00")
    equal("STATUS tells DF.GSM", t.ask("A0F2000016")[8:12], "7F20")
    t.select("6F39", 15)
    t.ask("A032000003000005", "9F06")
    equal("the sum", t.ask("A0C0000006")[6:], "000005")
    t.select("7F10", 22)
    sms = t.select("6F3C", 15)
    equal("length of an SMS", sms[14], 176)
    t.ask("A0B20104FF", "67B0")
    t.ask("A0A2001001FF" if t.ask("A0B20104B0")[:2] == "FF" else "A0A200100100", "9F01")
    equal("SEEK found", t.ask("A0C0000001"), "01")
    t.ask("A0A40000027FFF", "9404")
    t.ask("A0FA000000")
    t.ask("A084000008", "6D00")
    t.ask("A0C0000001", "6F00")
    print(f"2G: {name} answers as TS 51.011 has it")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
