"""ota.py KEYS - pySim's own SCP80 (TS 102 225) on one side, the card in the first reader on the other.

KEYS is aes or 3des: which of the two key sets, that the test put on the card before, secures the messages.
pySim makes the command packets and reads the answers; this file only carries them, as a terminal does: SMS of
TS 31.115 in ENVELOPE (TS 31.111 7.1.1).
"""
import sys

from smartcard.CardConnection import CardConnection
from smartcard.System import readers

from pySim.cat import SMS_TPDU, Address, DeviceIdentities, SMSPPDownload
from pySim.ota import OtaCheckError, OtaDialectSms, OtaKeyset
from pySim.sms import SMS_DELIVER, AddressField, UserDataHeader

TAR = bytes.fromhex("b00011")  # the files of the UICC and of ADF.USIM: TS 102 226 8.3
SELECT_SPN = bytes.fromhex("00a40004026f46")
OTHER_SPN = bytes.fromhex("00d60000110141") + b"ir" + bytes([0xFF] * 13)
SETS = {"aes": ("aes_cbc", "aes_cmac", 2), "3des": ("triple_des_cbc2", "triple_des_cbc2", 3)}
faults = 0


def check(ok, what):
    global faults
    print(("ok " if ok else "not ok ") + what)
    faults += not ok


def keyset(kind, counter):
    crypt, auth, version = SETS[kind]
    first = version << 4
    return OtaKeyset(algo_crypt=crypt, kic_idx=version, kic=bytes(range(first, first + 16)),
                     algo_auth=auth, kid_idx=version, kid=bytes(range(first + 0x80, first + 0x90)), cntr=counter)


def security(**changed):
    spi = {"counter": "counter_must_be_higher", "ciphering": True, "rc_cc_ds": "cc", "por_in_submit": False,
           "por_shall_be_ciphered": True, "por_rc_cc_ds": "cc", "por": "por_required"}
    return {**spi, **changed}


class Card:
    def __init__(self):
        self.connection = readers()[0].createConnection()
        self.connection.connect(CardConnection.T0_protocol)
        self.send("8010000014" + "ff" * 20)  # a terminal that can do everything

    def send(self, apdu):
        """Data and status word of one command, fetched as a terminal does over T=0 (TS 102 221 7.3.1.1.4)."""
        command = list(bytes.fromhex(apdu))
        data, sw1, sw2 = self.connection.transmit(command)
        status = (sw1, sw2)
        if sw1 in (0x62, 0x63):  # a warning: whether there is data, GET RESPONSE tells
            _, sw1, sw2 = self.connection.transmit([command[0], 0xC0, 0, 0, 0])
        while sw1 in (0x61, 0x6C):
            more, sw1, sw2 = self.connection.transmit([command[0], 0xC0, 0, 0, sw2])
            data += more
            status = status if status[0] in (0x62, 0x63) else (sw1, sw2)
        return bytes(data), "%02x%02x" % status

    def deliver(self, packet):
        """A command packet as an SMS; the answer packet, or nothing, and the status word."""
        header = UserDataHeader(ies=[{"iei": 0x70, "length": 0, "value": b""}])
        data = header.to_bytes() + packet
        sms = SMS_DELIVER(tp_udhi=True, tp_oa=AddressField("12345678", "international", "isdn_e164"), tp_pid=0x7F,
                          tp_dcs=0xF6, tp_scts=bytes.fromhex("22705200000000"), tp_udl=len(data), tp_ud=data)
        tpdu = SMS_TPDU(decoded={"tpdu": sms.to_bytes().hex()})
        address = Address(decoded={"ton_npi": {"ext": False, "type_of_number": "unknown",
                                               "numbering_plan_id": "unknown"}, "call_number": "0123456"})
        devices = DeviceIdentities(decoded={"source_dev_id": "network", "dest_dev_id": "uicc"})
        envelope = SMSPPDownload(children=[devices, address, tpdu]).to_tlv()
        return self.send(f"80c20000{len(envelope):02x}{envelope.hex()}")


def main(kind):
    card, dialect = Card(), OtaDialectSms()

    def ask(counter, script, spi, spoil=False):
        """The answer as pySim reads it: (status, how far the script came), or None."""
        keys = keyset(kind, counter)
        packet = bytearray(dialect.encode_cmd(keys, TAR, spi, script))
        packet[-1] ^= spoil
        data, sw = card.deliver(bytes(packet))
        print(f"   {sw} {data.hex()}")
        if not data:
            return None
        try:
            answer, result = dialect.decode_resp(keys, spi, data)
        except OtaCheckError as fault:
            return (str(fault), None)
        return (str(answer.response_status), result)

    status, result = ask(1, SELECT_SPN + OTHER_SPN, security())
    check(status == "por_ok", "a ciphered message with a CC is answered, ciphered and with a CC that pySim finds right")
    check(result["number_of_commands"] == 2 and result["last_status_word"] == "9000", "both of its commands were done")
    status, result = ask(2, SELECT_SPN + bytes.fromhex("00b0000011"), security(por_shall_be_ciphered=False))
    check(status == "por_ok" and result["last_response_data"] == OTHER_SPN[5:].hex(), "what was written is read back")
    again = ask(2, SELECT_SPN, security(por_shall_be_ciphered=False, por_rc_cc_ds="no_rc_cc_ds"))
    check(again is not None and again[0] == "cntr_low", "a counter that was there before is refused")
    spoilt = ask(3, SELECT_SPN, security(por_shall_be_ciphered=False, por_rc_cc_ds="no_rc_cc_ds"), spoil=True)
    check(spoilt is not None and spoilt[0] == "rc_cc_ds_failed", "a message that was changed is refused")
    status, result = ask(4, SELECT_SPN + bytes.fromhex("00b0000011"), security())
    check(status == "por_ok" and result["last_status_word"] == "9000", "the next right one is taken")
    quiet = ask(5, SELECT_SPN, security(por="no_por"))
    check(quiet is None, "and one that asks for no answer gets none")


if __name__ == "__main__":
    main(sys.argv[1])
    sys.exit(1 if faults else 0)
