"""hlr.py - what osmo-hlr needs to be hostapd's authentication centre.

    hlr.py subscriber IMSI K OPC    by CTRL, port 4259, from files: made (again), with SQN 0
    hlr.py bridge SOCKET            hostapd's eap_sim_db requests, as GSUP, port 4222

osmo-hlr's ports are fixed, so both only make sense in a network namespace of
their own. IPA framing: length (2 bytes, of what follows the protocol), protocol.
"""
import socket
import struct
import sys

IPA_CCM, IPA_OSMO = 0xFE, 0xEE
EXT_CTRL, EXT_GSUP = 0x00, 0x05
CCM_ID_GET, CCM_ID_RESP, CCM_ID_ACK = 0x04, 0x05, 0x06
CCM_SERIAL, CCM_UNIT = 0x00, 0x08
SEND_AUTH_INFO, SEND_AUTH_INFO_ERROR, SEND_AUTH_INFO_RESULT = 0x08, 0x09, 0x0A
IMSI, TUPLE, CLASS, RAND, SRES, KC, IK, CK, AUTN, AUTS, RES, DOMAIN, RAT, VECTORS = (
    0x01, 0x03, 0x0A, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x2A, 0x52)
EUTRAN = 0x03  # the only access for which osmo-hlr sets the separation bit that EAP-AKA' asks for


class Ipa:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.pending = b""

    def send(self, protocol, payload):
        self.socket.sendall(struct.pack(">HB", len(payload), protocol) + payload)

    def take(self, count):
        while len(self.pending) < count:
            more = self.socket.recv(4096)
            if not more:
                raise EOFError("osmo-hlr closed the connection")
            self.pending += more
        taken, self.pending = self.pending[:count], self.pending[count:]
        return taken

    def receive(self):
        length, protocol = struct.unpack(">HB", self.take(3))
        return protocol, self.take(length)


class Ctrl(Ipa):
    def __init__(self):
        super().__init__(4259)
        self.number = 0

    def set(self, variable, value):
        """The answer's text; LookupError says what osmo-hlr did not like."""
        self.number += 1
        self.send(IPA_OSMO, bytes([EXT_CTRL]) + f"SET {self.number} {variable} {value}".encode())
        answer = self.receive()[1][1:].decode().rstrip("\0")
        if not answer.startswith(f"SET_REPLY {self.number} "):
            raise LookupError(answer)
        return answer


def tlv(tag, value):
    return bytes([tag, len(value)]) + value


def bcd(digits):
    digits += "f" * (len(digits) % 2)
    return bytes.fromhex("".join(b + a for a, b in zip(digits[::2], digits[1::2])))


def parse(data):
    found, at = [], 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        found.append((tag, data[at + 2:at + 2 + length]))
        at += 2 + length
    return found


class Gsup(Ipa):
    def __init__(self):
        super().__init__(4222)
        while True:
            protocol, payload = self.receive()
            if protocol == IPA_CCM and payload[0] == CCM_ID_GET:
                said = b"".join(struct.pack(">HB", len(value) + 1, tag) + value
                                for tag, value in ((CCM_SERIAL, b"hostapd\0"), (CCM_UNIT, b"0/0/0\0")))
                self.send(IPA_CCM, bytes([CCM_ID_RESP]) + said)
                self.send(IPA_CCM, bytes([CCM_ID_ACK]))
                return

    def vectors(self, imsi, count, *more):
        """That many vectors, each a dictionary by tag; none if osmo-hlr refuses."""
        request = tlv(IMSI, bcd(imsi)) + tlv(CLASS, b"\x01") + tlv(DOMAIN, b"\x01") + tlv(RAT, bytes([EUTRAN]))
        request += tlv(VECTORS, bytes([count])) + b"".join(more)
        self.send(IPA_OSMO, bytes([EXT_GSUP, SEND_AUTH_INFO]) + request)
        while True:
            protocol, payload = self.receive()
            if protocol == IPA_OSMO and payload[:2] == bytes([EXT_GSUP, SEND_AUTH_INFO_RESULT]):
                return [dict(parse(value)) for tag, value in parse(payload[2:]) if tag == TUPLE][:count]
            if protocol == IPA_OSMO and payload[:2] == bytes([EXT_GSUP, SEND_AUTH_INFO_ERROR]):
                return []


def answer(gsup, request):
    """The answer to one request of hostapd, or None."""
    what, imsi, *rest = request.split()
    if what == "AKA-AUTS":  # hostapd asks again, with AKA-REQ-AUTH
        gsup.vectors(imsi, 1, tlv(AUTS, bytes.fromhex(rest[0])), tlv(RAND, bytes.fromhex(rest[1])))
        return None
    if what == "AKA-REQ-AUTH":
        for v in gsup.vectors(imsi, 1):
            return f"AKA-RESP-AUTH {imsi} " + " ".join(v[tag].hex() for tag in (RAND, AUTN, IK, CK, RES))
        return f"AKA-RESP-AUTH {imsi} FAILURE"
    if what == "SIM-REQ-AUTH":
        found = gsup.vectors(imsi, int(rest[0]))
        triplets = " ".join(":".join(v[tag].hex() for tag in (KC, SRES, RAND)) for v in found)
        return f"SIM-RESP-AUTH {imsi} {triplets or 'FAILURE'}"
    raise ValueError(request)


def bridge(path):
    gsup = Gsup()
    server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    server.bind(path)
    print("listening", flush=True)
    while True:
        request, sender = server.recvfrom(4096)
        said = answer(gsup, request.decode())
        print(request.decode().split()[0], "->", said.split()[0] if said else "-", flush=True)
        if said:
            server.sendto(said.encode(), sender)


def subscriber(imsi, k, opc):
    ctrl = Ctrl()
    try:
        ctrl.set("subscriber.delete", imsi)
    except LookupError:
        pass  # the first time there is none
    ctrl.set("subscriber.create", imsi)
    ctrl.set(f"subscriber.by-imsi-{imsi}.aud3g", f"milenage,{k},opc,{opc},5")


if __name__ == "__main__":
    if sys.argv[1] == "bridge":
        bridge(sys.argv[2])
    else:
        with open(sys.argv[3]) as k, open(sys.argv[4]) as opc:
            subscriber(sys.argv[2], k.read().strip(), opc.read().strip())
