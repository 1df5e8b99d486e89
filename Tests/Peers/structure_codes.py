"""Codes of structures as pydicom's dictionary has them, a line each: scheme, value, the former SNOMED code, meaning.

They are those of the context groups of PS3.16 that segmentations and regions draw from. Where groups word one code
differently, the first of them counts."""
from pydicom.sr._cid_dict import cid_concepts
from pydicom.sr._concepts_dict import concepts
from pydicom.sr._snomed_dict import mapping

# Segmentation property types and their parts; anatomic regions.
GROUPS = [7151, 7192, 7191, 7193, 7194, 7195, 7196, 7197, 7198, 7199, 7159, 7166, 4, 4031, 6300]
# Of no group, and in use all the same.
BESIDES = [("SCT", "Bone", "272673000")]

former = {current: old for old, current in mapping["SRT"].items()}
meanings = {}
for group in GROUPS:
    for scheme, names in cid_concepts.get(group, cid_concepts.get(str(group), {})).items():
        for name in names:
            for code, (meaning, groups) in concepts[scheme][name].items():
                if group in groups:
                    meanings.setdefault((scheme, code), meaning)
for scheme, name, code in BESIDES:
    meanings.setdefault((scheme, code), concepts[scheme][name][code][0])
for (scheme, code), meaning in sorted(meanings.items()):
    print("\t".join((scheme, code, former.get(code, "") if scheme == "SCT" else "", meaning)))
