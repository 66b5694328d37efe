"""The tool `tool_name`."""


def handle(event):
    """Yields the frames that answer a call: any number of progress, then one result."""
    name = event["params"]["arguments"]["name"].strip()
    yield {"progress": {"progress": 1, "total": 2, "message": "looking for the name"}}
    if not name:
        yield failed("`name` is blank; send the name of somebody to greet")
        return
    yield {"progress": {"progress": 2, "total": 2, "message": f"found {name}"}}
    output = {"greeting": f"Hello, {name}!"}
    yield {"result": {"content": [text(output["greeting"])], "structuredContent": output}}


def text(text):
    return {"type": "text", "text": text}


def failed(reason):
    """A result that tells the model what went wrong and what to send instead."""
    return {"result": {"content": [text(reason)], "isError": True}}
