"""A plain Lambda function: arguments in, JSON out. What it raises becomes a result the model can read."""

import difflib

MOST_LINES = 5000


def handler(event, context):
    before, after = event["before"].splitlines(), event["after"].splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        raise ValueError(f"each text may have {MOST_LINES} lines; send the parts that differ")
    diff = list(difflib.unified_diff(before, after, "before", "after", lineterm=""))
    changes = [line for line in diff[2:] if not line.startswith("@@")]
    return {
        "added": sum(line.startswith("+") for line in changes),
        "removed": sum(line.startswith("-") for line in changes),
        "diff": "\n".join(diff),
    }
