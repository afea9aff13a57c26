#!/usr/bin/env python3
"""Drives a mock server with google-api-python-client: every method, then what clients do with them.

    walk.py DOCUMENT ENDPOINT [CASES [STREAMS]]

CASES is a table of arguments, one case a line; without it the arguments are made up. STREAMS are the
ids of the methods that answer with an array of their response, separated by commas. Prints a line of
JSON for every method: its calls, and what a client would not have expected of it.
"""

import json
import os
import sys

import content
import standard
from client import Client
from document import Document
from errors import Fault, Refused
from stage import Stage, unchanged
from values import Maker, is_stateful, misfits

# Parameters that ask for what a server may be unable to find, and then must refuse by name.
QUESTIONS = ("filter", "q", "query", "orderBy", "order", "sort", "search", "updateMask", "fields", "mask")


class Walk:
    """A walk through the methods of a document."""

    def __init__(self, document, client, streams=()):
        self.document, self.client, self.streams = document, client, streams
        self.stage = Stage(document, client)
        self.faults = {method: [] for method in document.methods}

    def fault(self, method, text):
        """Notes what a client would not have expected."""
        told = self.faults[method.id]
        if text not in told:
            told.append(text)

    def attempt(self, method, what, work):
        """Runs a piece of the walk; what fails in it is a fault of the method."""
        try:
            return work()
        except Refused as refused:
            self.fault(method, f"{what}: {refused}")
        except Fault as fault:
            self.fault(method, f"{what}: {fault}")
        return None

    def fits(self, method, answer, what):
        """Notes what of an answer is not as the document has it."""
        node = method.node.get("response")
        if node is None:
            if method.node.get("supportsMediaDownload"):
                return
            if answer not in ("", b"", None, {}):
                self.fault(method, f"{what}: an answer where the document has none")
            return
        if method.id in self.streams:
            node = {"type": "array", "items": node}
        if not isinstance(answer, (bytes, str)):
            for text in misfits(self.document, node, answer)[:3]:
                self.fault(method, f"{what}: {text}")

    def every_method(self, cases):
        """Calls every method with the arguments of the table, or with some of our own."""
        for method in self.document.methods.values():
            for what, args, body in cases.get(method.id) or self.made_up(method):
                self.one_call(method, what, args, body)

    def made_up(self, method):
        """Three sets of arguments: what is required, all there is, and awkward characters."""
        for size in ("required", "all", "special"):
            maker = Maker(self.document, size)
            args, body = maker.params(method), None
            if method.node.get("request") is not None:
                body = maker.body(method.node["request"], needed_by=method.id)
            group = self.created_by(method)
            if group and isinstance(body, dict):
                self.stage.apart(group, args, body)
            yield size, args, body

    def created_by(self, method):
        """The group whose resources this method creates, if it does."""
        return next((group for group in self.document.groups if group.create is method), None)

    def one_call(self, method, what, args, body):
        """One call, of a resource that is there."""
        group, name = self.created_by(method), method.name
        try:
            args = self.stage.prepare(method, args, own=group is None, fresh=name == "delete")
            changed = next((g for g in self.document.groups if method in g.changes), None)
            if changed and changed.creatable and isinstance(body, dict):
                place = method.place(args)
                unchanged(changed, method, body, self.client.call(changed.get, changed.get.bind(place)))
            answer = self.client.call(method, args, body)
        except Refused as refused:
            given = {*args, *(body if isinstance(body, dict) else ())}
            unable = [name for name in args if f"cannot evaluate {name}=" in refused.message]
            if unable and not method.params[unable[0]].get("required"):
                # Refused loudly: without it, the call must succeed.
                rest = {name: value for name, value in args.items() if name != unable[0]}
                self.one_call(method, what, rest, body)
            elif not self.may_refuse(method, given, refused):
                self.fault(method, f"{what}: {refused}")
        except Fault as fault:
            self.fault(method, f"{what}: {fault}")
        else:
            self.fits(method, answer, what)

    def may_refuse(self, method, given, refused):
        """Whether a server may refuse a call that has the form which the document asks for."""
        text = refused.message.lower().replace("_", "").replace(" ", "")
        if refused.status == 400:
            return any(name in given and name.lower() in text for name in QUESTIONS)
        response = method.schema("response") or (None, {})
        about_operation = self.document.is_operation(response[0]) or "operations" in method.form
        return refused.status == 404 and about_operation

    def verdicts(self):
        """A line for every method."""
        for method, faults in self.faults.items():
            calls = self.client.calls.get(method, 0)
            told = faults or ([] if calls else ["it was not called"])
            yield {"method": method, "calls": calls, "faults": told}


def read_cases(document, path):
    """The cases of a table by method; none without a table."""
    cases = {}
    if not os.path.exists(path):
        return cases
    with open(path, encoding="utf-8") as file:
        for line in file:
            case = json.loads(line)
            known = document.methods.get(case["method"])
            if known is None:
                continue
            args = {n: v for n, v in case["params"].items() if n in known.params}
            args = {n: v for n, v in args.items() if not is_stateful(known, n)}
            body = complete(document, known, case["body"])
            cases.setdefault(known.id, []).append((case["case"], args, body))
    return cases


def complete(document, method, body):
    """The body of a case with the members that the method requires and the table lacks."""
    if method.node.get("request") is None:
        return None
    return Maker(document, "required").completed(method.node["request"], body, method.id)


def main():
    path, endpoint, *rest = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        document = Document(json.load(file))
    cases, streams = (*rest, "", "")[:2]
    walk = Walk(document, Client(document, endpoint), streams.split(","))
    walk.every_method(read_cases(document, cases))
    for group in document.groups:
        if group.creatable:
            standard.life(walk, group)
            standard.pages(walk, group)
    content.every_upload(walk)
    for verdict in walk.verdicts():
        print(json.dumps(verdict))


if __name__ == "__main__":
    main()
