"""Makes the resources that a call needs: those above it, and the one that it is about."""

import re
from urllib.parse import unquote

from errors import Refused
from values import Maker, fitting, is_immutable, is_number, is_servers


class Stage:
    """The resources of a walk."""

    def __init__(self, document, client):
        self.document, self.client = document, client
        self.serial = 0

    def groups_above(self, segments):
        """The groups of the resources that a path is in, the outermost first."""
        found, form = [], [text for _, text in segments]
        for end in range(1, len(form) + 1):
            for group in self.document.groups:
                if group.creatable and group.form == "/".join(form[:end]):
                    found.append((end, group))
                    break
        return found

    def prepare(self, method, args, own=True, fresh=False):
        """Arguments that lead to resources which are there; with `fresh`, the last is new.

        Without `own`, the resource that the method itself is about is not made.
        """
        if fresh:
            args = self.freshened(method, args)
        place = method.place(args)
        if place is None:
            return args
        for end, group in self.groups_above(method.segments):
            self.fit(group, place)
            if own or end < len(place):
                place[:end] = self.ensure(group, place[:end])
        return {**args, **method.bind(place)}

    def next_serial(self):
        """A number that occurs once."""
        self.serial += 1
        return self.serial

    def freshened(self, method, args):
        """Arguments whose last segment of the path no other call has, for what a call deletes."""
        name, _ = method.segments[-1]
        if name is None:
            return args
        serial = self.next_serial()
        above, slash, _ = str(args[name]).rpartition("/")
        fresh = f"fresh-{serial}"
        pattern = method.params[name].get("pattern")
        if pattern and not pattern.startswith("^"):
            fresh = fitting(pattern, fresh, serial)
        if is_number(method.params[name]):
            fresh = str(1000 + serial)
        return {**args, name: f"{above}{slash}{fresh}"}

    def fit(self, group, place):
        """Changes the segments of a place that a client would refuse in a call of the group."""
        serial = None
        for at, pattern in group.patterns():
            if at < len(place) and not re.fullmatch(pattern, place[at]):
                serial = serial or self.next_serial()
                place[at] = fitting(pattern, f"fresh-{serial}", serial)

    def ensure(self, group, place):
        """The place of a resource, made now if it is not there."""
        try:
            self.client.call(group.get, group.get.bind(place))
            return place
        except Refused as refused:
            if refused.status != 404:
                raise
        return self.create(group, place[:-1], place[-1])[0]

    def create(self, group, parent, wish, size="required"):
        """Creates a resource, with this id if a client may choose it.

        Gives its place, what was sent of it, and the answer.
        """
        args, body, sent = self.creation(group, parent, wish, size)
        answer = self.client.call(group.create, args, body)
        return self.place_of(group, parent, wish, answer), sent, answer

    def creation(self, group, parent, wish, size):
        """The arguments and the body of a creation, and the resource within the body."""
        create, maker = group.create, Maker(self.document, size)
        place = [*parent, wish] if create.verb == "PUT" else parent
        args = {**maker.params(create), **create.bind(place)}
        if size == "required":
            known = {n for n, node in create.params.items() if node.get("required")}
            args = {name: value for name, value in args.items() if name in known}
        body = maker.body(create.node["request"], needed_by=create.id)
        resource = self.resource_in(group, create, body)
        named = self.id_param(group)
        if named:
            args[named] = wish
        elif create.verb != "PUT" and self.names_in_body(group):
            resource["name"] = wish
        elif create.verb != "PUT" and (found := self.chosen(group, resource)):
            name_it(create, args, found, wish)
        return args, body, resource

    def resource_in(self, group, method, body):
        """The resource in a body: the body, or a member of it."""
        name, schema = method.schema("request")
        own = group.get.schema("response")[0]
        if name == own:
            return body
        for member, node in schema.get("properties", {}).items():
            if node.get("$ref") == own:
                return body.setdefault(member, {})
        return body

    def id_param(self, group):
        """The parameter of a creation that chooses the id, `topicId`."""
        create = group.create
        own = (group.get.schema("response")[0] or "").lower()
        plural = group.form.split("/")[-2] if "/" in group.form else ""
        for name, node in create.params.items():
            stem = name[:-2].lower() if name.endswith("Id") else None
            if stem is None or node.get("location") != "query":
                continue
            if stem == own or plural.lower().startswith(stem[:-1]):
                return name
        return None

    def names_in_body(self, group):
        """Whether a creation that answers with an operation takes the last segment of a name."""
        answer, (own, schema) = group.create.schema("response"), group.get.schema("response")
        node = schema.get("properties", {}).get("name")
        long = group.get.is_long(group.get.segments[-1][0])
        held = self.holds(group)["properties"]
        return bool(long and node and "name" in held and self.document.is_operation((answer or (None,))[0])
                    and not is_servers(node))

    def holds(self, group):
        """The schema of what `resource_in` finds in the body of a creation."""
        name, schema = group.create.schema("request")
        own = group.get.schema("response")
        whole = any(node.get("$ref") == own[0] for node in schema.get("properties", {}).values())
        return {"properties": {}, **(own[1] if whole or name == own[0] else schema)}

    def chosen(self, group, resource):
        """The object and its member that identify the resource, if a client may choose them."""
        name, text = group.get.segments[-1]
        if name is None or group.get.is_long(name) or text != "*":
            return None
        reference = group.reference()
        if reference:
            return resource.setdefault(reference, {}), name
        schema = self.holds(group)["properties"]
        for member in group.members:
            node = schema.get(member)
            if node and is_number(node):
                # Numbers are the server's.
                resource.pop(member, None)
            elif node and node.get("type") == "string":
                return None if is_servers(node) else (resource, member)
        return None

    def apart(self, group, args, body):
        """Gives a made-up creation an id that no other resource has."""
        named = self.id_param(group)
        if named in args:
            args[named] = f"{args[named]}-{self.next_serial()}"
        found = self.chosen(group, self.resource_in(group, group.create, body))
        if found and isinstance(found[0].get(found[1]), str):
            holder, member = found
            name_it(group.create, args, found, f"{holder[member]}-{self.next_serial()}")

    def place_of(self, group, parent, wish, answer):
        """Where a created resource is, by what its creation answered."""
        answer = answer or {}
        variable = group.get.segments[-1][0] or ""
        reference = group.reference()
        if variable in (answer.get(reference) or {}):
            return [*parent, answer[reference][variable]]
        for told in (answer, answer.get("response") or {}):
            for name in (told.get(variable), told.get("name")):
                if isinstance(name, str) and fits(group.form, name.split("/")):
                    return name.split("/")
        if self.document.is_operation((group.create.schema("response") or (None,))[0]):
            target = str(answer.get("targetLink", "")).split("/")[-len(group.form.split("/")):]
            return [unquote(part) for part in target] if fits(group.form, target) else [*parent, wish]
        for member in group.members:
            if isinstance(answer.get(member), str) and not group.get.is_long(variable):
                return [*parent, answer[member]]
        return [*parent, wish]


def unchanged(group, method, body, before):
    """Gives the immutable members in the body of a change the values that the resource has."""
    name, schema = method.schema("request")
    own, properties = group.get.schema("response")
    resource = body
    if name != own:
        member = next((n for n, node in schema.get("properties", {}).items() if node.get("$ref") == own), None)
        resource = body.get(member)
    for name, node in properties.get("properties", {}).items():
        if isinstance(resource, dict) and name in resource and is_immutable(node):
            if name in before:
                resource[name] = before[name]
            else:
                del resource[name]


def name_it(create, args, found, name):
    """Puts the name of a new resource into its member, and into a parameter of the same name."""
    holder, member = found
    holder[member] = name
    if member in args and create.params[member].get("location") == "query":
        args[member] = name


def fits(form, place):
    """Whether a place has this form."""
    parts = form.split("/")
    return len(parts) == len(place) and all(p in ("*", s) for p, s in zip(parts, place))
