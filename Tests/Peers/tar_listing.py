"""python's tarfile lists x.tar: a line of name, size and SHA-256 a member, all metadata fixed."""

import hashlib
import tarfile

with tarfile.open("x.tar", "r:") as tar:
    for member in tar:
        assert member.isreg()
        assert (member.mtime, member.uid, member.gid, member.mode) == (0, 0, 0, 0o644)
        assert member.uname == member.gname == ""
        digest = hashlib.sha256(tar.extractfile(member).read()).hexdigest()
        print(member.name, member.size, digest)
