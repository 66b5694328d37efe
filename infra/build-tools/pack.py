"""Packs built functions: `pack.py ARCHITECTURE FOLDER ARTIFACTS PACKAGE…`.

Zips `FOLDER/<package>/bootstrap` as `ARTIFACTS/<package>-<architecture>.zip`, writes `ARTIFACTS/SHA256SUMS` anew over
all zips there, and prints what they weigh. The same binary always makes the same zip.
"""

import hashlib
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time a zip can tell, instead of when it was built."""

UNIX = 3
"""Who made the archive: a system with permission bits, which Lambda needs."""

EXECUTABLE = 0o100755


def pack(binary, archive):
    """Zips a function's binary the way Lambda takes it."""
    entry = ZipInfo("bootstrap", EARLIEST)
    entry.create_system = UNIX
    entry.external_attr = EXECUTABLE << 16
    with ZipFile(archive, "w") as zipped:
        zipped.writestr(entry, binary, ZIP_DEFLATED, 9)


def main(architecture, folder, artifacts, *packages):
    """Packs them all."""
    artifacts = Path(artifacts)
    artifacts.mkdir(parents=True, exist_ok=True)
    print(f"| {architecture} | binary, MB | zip, MB |\n|---|---|---|")
    for package in packages:
        binary = (Path(folder) / package / "bootstrap").read_bytes()
        archive = artifacts / f"{package}-{architecture}.zip"
        pack(binary, archive)
        print(f"| `{package}` | {len(binary) / 1e6:.2f} | {archive.stat().st_size / 1e6:.2f} |")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in sorted(artifacts.glob("*.zip"))]
    (artifacts / "SHA256SUMS").write_text("\n".join(sums) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
