"""Makes the resources that a call needs: those above it, and the one that it is about."""

from client import Refused
from values import Maker, is_servers


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
        place = method.place(args)
        if place is None:
            return args
        for end, group in self.groups_above(method.segments):
            last = end == len(place)
            if last and not own:
                continue
            if (last and fresh) or not group.takes(place[end - 1]):
                self.serial += 1
                place[end - 1] = f"fresh-{self.serial}"
            place[:end] = self.ensure(group, place[:end])
        return {**args, **method.bind(place)}

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
        elif create.verb != "PUT":
            self.choose(group, resource, wish)
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

    def choose(self, group, resource, wish):
        """Puts the wished id into the member that identifies the resource, if it is a client's."""
        name, text = group.get.segments[-1]
        if name is None or group.get.is_long(name) or text != "*":
            return
        reference = group.reference()
        if reference:
            resource.setdefault(reference, {})[name] = wish
            return
        schema = group.get.schema("response")[1].get("properties", {})
        for member in (("id", name, "name") if name.endswith("Id") else ("name", name, "id")):
            node = schema.get(member)
            if node and node.get("type") == "string" and "format" not in node:
                if not is_servers(node):
                    resource[member] = wish
                return

    def place_of(self, group, parent, wish, answer):
        """Where a created resource is, by what its creation answered."""
        answer = answer or {}
        variable = group.get.segments[-1][0] or ""
        reference = group.reference()
        if reference and reference in answer:
            return [*parent, answer[reference][variable]]
        for told in (answer, answer.get("response") or {}):
            for name in (told.get(variable), told.get("name")):
                if isinstance(name, str) and fits(group.form, name.split("/")):
                    return name.split("/")
        if self.document.is_operation((group.create.schema("response") or (None,))[0]):
            return [*parent, wish]
        members = ("id", variable, "name") if variable.endswith("Id") else ("name", variable, "id")
        for member in members:
            if isinstance(answer.get(member), str) and not group.get.is_long(variable):
                return [*parent, answer[member]]
        return [*parent, wish]


def fits(form, place):
    """Whether a place has this form."""
    parts = form.split("/")
    return len(parts) == len(place) and all(p in ("*", s) for p, s in zip(parts, place))
