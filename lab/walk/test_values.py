"""What the walk calls a fault, and what not: `python3 -m unittest` in this folder."""

import unittest

from document import Document
from values import Maker, fitting, is_required, is_servers, lost, misfits

DOCUMENT = Document({
    "schemas": {
        "Item": {"type": "object", "properties": {
            "name": {"type": "string", "description": "Required. The name."},
            "count": {"type": "string", "format": "int64"},
            "state": {"type": "string", "enum": ["ON", "OFF"], "description": "Output only. The state."},
            "parts": {"type": "array", "items": {"$ref": "Item"}},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "time": {"type": "string", "format": "google-datetime"},
        }},
    },
    "resources": {"items": {"methods": {
        "get": {
            "id": "x.items.get", "httpMethod": "GET", "path": "v1/{+name}", "response": {"$ref": "Item"},
            "parameters": {"name": {"location": "path", "required": True, "pattern": "^a/[^/]+/items/[^/]+$"}},
        },
        "create": {
            "id": "x.items.create", "httpMethod": "POST", "path": "v1/{+parent}/items",
            "request": {"$ref": "Item"}, "response": {"$ref": "Item"},
            "parameters": {"parent": {"location": "path", "required": True, "pattern": "^a/[^/]+$"}},
        },
        "stop": {
            "id": "x.items.stop", "httpMethod": "POST", "path": "v1/{+name}:stop",
            "parameters": {"name": {"location": "path", "required": True, "pattern": "^a/[^/]+/items/[^/]+$"}},
        },
    }}},
})
ITEM = {"$ref": "Item"}


class Values(unittest.TestCase):
    def test_what_does_not_fit_is_found(self):
        good = {"name": "a", "count": "1", "state": "ON", "parts": [{"labels": {"k": "v"}}]}
        self.assertEqual(misfits(DOCUMENT, ITEM, good), [])
        for bad in (
            {"count": 1}, {"count": "x"}, {"state": "BROKEN"}, {"parts": {}}, {"parts": [{"no": 1}]},
            {"labels": {"k": 1}}, {"time": "today"}, {"other": 1}, [], "text", None,
        ):
            self.assertEqual(len(misfits(DOCUMENT, ITEM, bad)), 1, bad)

    def test_what_was_sent_must_be_seen(self):
        sent = {"a": {"b": [1, {"c": "x"}]}, "bytes": "aGk_"}
        self.assertEqual(lost(sent, {"a": {"b": [1, {"c": "x", "more": 1}]}, "bytes": "aGk/"}), [])
        for seen in ({}, {"a": {}}, {"a": {"b": [1]}}, {"a": {"b": [1, {"c": "y"}]}}):
            self.assertTrue(lost(sent, {"bytes": "aGk_", **seen}), seen)

    def test_marks_of_members_are_read(self):
        members = DOCUMENT.schemas["Item"]["properties"]
        self.assertTrue(is_required(members["name"]))
        self.assertTrue(is_servers(members["state"]))
        self.assertFalse(is_required(members["count"]) or is_servers(members["count"]))

    def test_made_up_values_fit(self):
        for size in ("required", "all", "special"):
            made = Maker(DOCUMENT, size).body(ITEM)
            self.assertEqual(misfits(DOCUMENT, ITEM, made), [], size)
            self.assertIn("name", made)
        self.assertEqual(fitting("[a-z]+[0-9]", "é", 3), "v3")

    def test_paths_are_forms(self):
        methods = DOCUMENT.methods
        forms = [methods[f"x.items.{name}"].form for name in ("get", "create", "stop")]
        self.assertEqual(forms, ["a/*/items/*", "a/*/items", "a/*/items/*:stop"])
        get = methods["x.items.get"]
        self.assertEqual(get.bind(get.place({"name": "a/1/items/2"})), {"name": "a/1/items/2"})
        (group,) = DOCUMENT.groups
        self.assertTrue(group.creatable)


if __name__ == "__main__":
    unittest.main()
