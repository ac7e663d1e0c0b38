"""models.py - hold every file pySim-shell's fsdump (on stdin, behind "the files:") found on a card against
pySim's model of it: FID, structure, short file identifier, size of the file or its records.

pySim's models were written from TS 31.102, TS 31.103 and TS 51.011 by others.
KNOWN are the places where they differ from the specification.
"""
import json
import sys

from pySim.filesystem import BerTlvEF, CardDF, CyclicEF, LinFixedEF, TransparentEF
from pySim.ts_102_221 import CardProfileUICC
from pySim.ts_31_102 import CardApplicationUSIM
from pySim.ts_31_103 import CardApplicationISIM
from pySim.ts_51_011 import AddonSIM

KNOWN = {
    ("MF/DF.TELECOM/EF.LND", "structure"): "TS 51.011 10.5.6: cyclic",
    ("MF/DF.GSM/EF.HPLMNwAcT", "size"): "TS 51.011 10.3.37: one entry or more",
    ("MF/ADF.USIM/EF.HPLMNwAcT", "size"): "TS 31.102 4.2.54: one entry or more",
    ("MF/ADF.USIM/EF.GBABP", "size"): "TS 31.102 4.2.79: as long as B-TID and lifetime may be",
    ("MF/ADF.USIM/DF.SAIP/EF.SUCI_Calc_Info", "SFI"): "pySim takes that of the file in DF.5GS",
    ("MF/ADF.USIM/EF.OPL", "SFI"): "TS 31.102 annex H",
    ("MF/ADF.USIM/EF.SPDI", "SFI"): "TS 31.102 annex H",
    ("MF/DF.TELECOM/DF.MULTIMEDIA/EF.MML", "SFI"): "TS 31.102 4.6.3.1",
    ("MF/DF.TELECOM/DF.MULTIMEDIA/EF.MMDF", "SFI"): "TS 31.102 4.6.3.2",
    ("MF/ADF.ISIM/EF.AD", "SFI"): "TS 31.103 4.2.5",
    ("MF/ADF.USIM/EF.ACM", "SFI"): "TS 31.102 4.2.9 and annex H",
}
KNOWN.update({(f"MF/{above}/DF.PHONEBOOK/EF.{name}", "SFI"): "TS 31.102 4.4.2: there is one, the issuer's to choose"
              for above in ("ADF.USIM", "DF.TELECOM") for name in ("PBR", "PSC", "CC", "PUID")})
STRUCTURES = ((BerTlvEF, "ber_tlv"), (CyclicEF, "cyclic"), (LinFixedEF, "linear_fixed"), (TransparentEF, "transparent"))


def models():
    found = {}

    def add(path, file):
        found[path] = file
        for child in getattr(file, "children", {}).values():
            add(f"{path}/{child.name}", child)

    for root in (list(CardProfileUICC().files_in_mf) + AddonSIM().files_in_mf +
                 [CardApplicationUSIM().adf, CardApplicationISIM().adf]):
        add(f"MF/{root.name}", root)
    return found


def outside(value, limits):
    low, high = limits or (None, None)
    return (low is not None and value < low) or (high is not None and value > high)


def differences(model, fcp):
    """What of the FCP the model says otherwise: (what, card, model)."""
    descriptor = fcp["file_descriptor"]
    structure = descriptor["file_descriptor_byte"]["structure"]
    if model.fid and fcp.get("file_identifier") != model.fid:
        yield "FID", fcp.get("file_identifier"), model.fid
    if isinstance(model, CardDF):
        if descriptor["file_descriptor_byte"]["file_type"] != "df":
            yield "type", descriptor["file_descriptor_byte"]["file_type"], "df"
        return
    wanted = next(name for kind, name in STRUCTURES if isinstance(model, kind))
    if structure != wanted:
        yield "structure", structure, wanted
    if fcp.get("short_file_identifier") != model.sfid:
        yield "SFI", fcp.get("short_file_identifier"), model.sfid
    if structure in ("transparent", "ber_tlv"):
        if outside(fcp["file_size"], getattr(model, "size", None)):
            yield "size", fcp["file_size"], model.size
    elif outside(descriptor["record_len"], getattr(model, "rec_len", None)):
        yield "record length", descriptor["record_len"], model.rec_len


def main():
    files = json.loads(sys.stdin.read().split("the files:\n")[1])["files"]
    known = models()
    held = bad = 0
    for path, file in files.items():
        if "error" in file:
            # pySim asks for every file it has a model of; which a card has is its issuer's choice.
            if file["error"].get("sw_actual") != "6a82":
                bad += 1
                print(f"{path}: {file['error']}")
            continue
        if path not in known:
            continue
        held += 1
        for what, card, model in differences(known[path], file["fcp"]):
            if (path, what) not in KNOWN:
                bad += 1
                print(f"{path}: {what} is {card}, pySim has {model}")
    print(f"{held} files read and held against their models, {bad} differences")
    sys.exit(1 if bad or not held else 0)


if __name__ == "__main__":
    main()
