"""pydicom reads x.dcm: a line an attribute of tag, VR and value as Python shows it."""

import pydicom

ds = pydicom.dcmread("x.dcm")


def show(data_set, indent=""):
    for e in data_set:
        if e.VR == "SQ":
            print(f"{indent}{e.tag} SQ")
            for item in e.value:
                show(item, indent + "> ")
        else:
            value = bytes(e.value) if e.VR in ("OB", "OW") else e.value
            print(f"{indent}{e.tag} {e.VR} {value!r}")


show(ds.file_meta)
ds.decode()
show(ds)
