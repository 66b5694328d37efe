"""Prints the packages that are deployed as functions: `cargo metadata … | functions.py [PACKAGE…]`.

A function is a binary that is linked with a Lambda runtime: the gateway's and the OAuth front's with `lambda_http`,
a worker's with the kit. What is below `e2e/` is for tests.
"""

import json
import sys
from pathlib import Path

RUNTIMES = {"lambda_http", "penstock-kit"}


def is_function(package, root):
    """Whether a package of `cargo metadata` is deployed."""
    has_binary = any("bin" in target["kind"] for target in package["targets"])
    is_linked = any(wanted["name"] in RUNTIMES and wanted["kind"] is None for wanted in package["dependencies"])
    is_product = Path(package["manifest_path"]).relative_to(root).parts[0] != "e2e"
    return has_binary and is_linked and is_product


def main(wanted):
    """Prints all functions, or those that are wanted; anything else that is wanted is refused."""
    metadata = json.load(sys.stdin)
    root = Path(metadata["workspace_root"])
    known = sorted(package["name"] for package in metadata["packages"] if is_function(package, root))
    strange = sorted(set(wanted) - set(known))
    if strange:
        sys.exit(f"error: no function: {', '.join(strange)}; there are {', '.join(known)}")
    print("\n".join(sorted(set(wanted)) or known))


if __name__ == "__main__":
    main(sys.argv[1:])
