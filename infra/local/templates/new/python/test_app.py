"""Run with `python3 -m unittest`."""

import unittest

from app import handle


def call(**arguments):
    return list(handle({"method": "tools/call", "params": {"name": "tool_name", "arguments": arguments}}))


class Greeting(unittest.TestCase):
    def test_progress_is_reported_before_the_greeting(self):
        first, second, last = call(name="Ada")
        self.assertEqual(first["progress"]["progress"], 1)
        self.assertEqual(second["progress"]["message"], "found Ada")
        self.assertEqual(last["result"]["structuredContent"], {"greeting": "Hello, Ada!"})

    def test_a_blank_name_is_refused_with_what_to_send(self):
        self.assertTrue(call(name=" ")[-1]["result"]["isError"])


if __name__ == "__main__":
    unittest.main()
