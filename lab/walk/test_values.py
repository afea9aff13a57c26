"""What the walk calls a fault, and what not: `python3 -m unittest` in this folder."""

import unittest
from types import SimpleNamespace

from document import Document, Method
from errors import Refused
from stage import Stage, name_it, unchanged
from values import Maker, fitting, is_immutable, is_required, is_servers, lost, misfits

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


def in_path(**patterns):
    """Parameters of a path with these patterns."""
    params = {name: {"location": "path", "required": True} for name in patterns}
    return {name: {**node, **({"pattern": patterns[name]} if patterns[name] else {})}
            for name, node in params.items()}


def by_zone(name, verb, path, params, **more):
    """A method of things in a zone."""
    return {"id": f"z.{name}", "httpMethod": verb, "path": path, "parameters": in_path(**params), **more}


THING = {"$ref": "Thing"}
PLACE = {"zone": "[a-z][a-z0-9]*", "ownAddress": None}
ZONES = Document({
    "schemas": {"Thing": {"type": "object", "properties": {
        "address": {"type": "string"}, "other": {"type": "string"},
    }}},
    "resources": {"things": {"methods": {
        "get": by_zone("get", "GET", "{zone}/things/{ownAddress}", PLACE, response=THING),
        "insert": by_zone("insert", "POST", "{zone}/things", {"zone": None}, request=THING, response=THING),
        "delete": by_zone("delete", "DELETE", "{zone}/things/{ownAddress}", PLACE),
        "stop": by_zone("stop", "POST", "{zone}/things/{ownAddress}/stop", {"zone": None, "ownAddress": None}),
    }}, "logs": {"methods": {
        "delete": by_zone("logs.delete", "DELETE", "v1/{+name}", {"name": "^logs/[^/]+/.*$"}),
    }}},
})


class Server:
    """A client of a server that has nothing until it is created."""

    def __init__(self):
        self.things = {}

    def call(self, method, args, body=None):
        if method.name == "insert":
            self.things[args["zone"], body["address"]] = body
            return body
        if (args["zone"], args["ownAddress"]) not in self.things:
            raise Refused(404, "not found", {})
        return self.things[args["zone"], args["ownAddress"]]


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

    def test_the_end_of_a_variable_is_a_member(self):
        (group,) = ZONES.groups
        self.assertEqual(group.members, ("name", "ownAddress", "id", "address"))
        (items,) = DOCUMENT.groups
        self.assertEqual(items.members, ("name", "name", "id"))

    def test_resources_above_fit_the_patterns_of_their_own_calls(self):
        server = Server()
        stop = ZONES.methods["z.stop"]
        args = Stage(ZONES, server).prepare(stop, {"zone": "50%", "ownAddress": "é1"})
        self.assertEqual(args, {"zone": "v1", "ownAddress": "é1"})
        self.assertIn(("v1", "é1"), server.things)

    def test_what_is_deleted_is_asked_for_once(self):
        stage = Stage(ZONES, Server())
        delete = ZONES.methods["z.delete"]
        made = [stage.prepare(delete, {"zone": "a", "ownAddress": "x"}, fresh=True) for _ in range(2)]
        self.assertEqual([args["ownAddress"] for args in made], ["fresh-1", "fresh-2"])
        self.assertEqual(set(stage.client.things), {("a", "fresh-1"), ("a", "fresh-2")})
        logs = ZONES.methods["z.logs.delete"]
        self.assertEqual(stage.prepare(logs, {"name": "logs/a/b"}, fresh=True), {"name": "logs/a/fresh-3"})

    def test_made_up_creations_are_apart(self):
        stage, (group,) = Stage(ZONES, Server()), ZONES.groups
        bodies = [{"address": "é1"}, {"address": "é1"}, {"other": "x"}]
        for body in bodies:
            stage.apart(group, {}, body)
        self.assertEqual(bodies, [{"address": "é1-1"}, {"address": "é1-2"}, {"other": "x"}])

    def test_a_parameter_that_names_the_resource_agrees_with_the_body(self):
        insert = SimpleNamespace(params={"zone": {"location": "path"}, "address": {"location": "query"}})
        args, body = {"zone": "a", "address": "x"}, {}
        name_it(insert, args, (body, "address"), "y")
        self.assertEqual((args, body), ({"zone": "a", "address": "y"}, {"address": "y"}))
        name_it(insert, args, (body, "zone"), "z")
        self.assertEqual(args["zone"], "a", "the path stays")

    def test_changes_leave_what_is_immutable(self):
        for text, immutable in (
            ("Immutable. The key.", True), ("Required. Immutable. The key.", True), ("[Immutable] The key", True),
            ("Required. The key.", False), ("The immutable key.", False), ("", False),
        ):
            self.assertEqual(is_immutable({"description": text}), immutable, text)
        fixed = {"type": "string", "description": "Immutable. The key."}
        things = ZONES.schemas["Thing"]["properties"]
        things.update(key=fixed, code=fixed)
        self.addCleanup(lambda: [things.pop(name) for name in ("key", "code")])
        body = {"other": "x", "key": "new", "code": "new"}
        (group,) = ZONES.groups
        unchanged(group, ZONES.methods["z.insert"], body, {"key": "old", "other": "y"})
        self.assertEqual(body, {"other": "x", "key": "old"})

    def test_fresh_ids_are_of_their_type(self):
        node = by_zone("runs.delete", "DELETE", "runs/{id}", {"id": None})
        node["parameters"]["id"].update(type="string", format="int64")
        delete = Method((), "delete", node, ZONES)
        self.assertEqual(Stage(ZONES, Server()).freshened(delete, {"id": "1"}), {"id": "1001"})


if __name__ == "__main__":
    unittest.main()
