"""A discovery document as a client reads it: methods, forms of paths, groups of standard methods."""

import re

VERSION = re.compile(r"v\d\w*$")
LONG = re.compile(r"\^((?:[\w.~-]+|\[\^/\]\+)(?:/(?:[\w.~-]+|\[\^/\]\+|\.\*))*)\$")


class Method:
    """A method, with its path as a list of segments: literal text, or a variable."""

    def __init__(self, resource, name, node, document):
        self.resource, self.name, self.node, self.document = resource, name, node, document
        self.id = node["id"]
        self.verb = node["httpMethod"]
        self.params = node.get("parameters", {})
        self.segments, self.suffix = self._template(node["path"])

    def __repr__(self):
        return self.id

    def _template(self, path):
        """`v1/{+name}:cancel` is two segments for each of the variable's pattern, and a suffix."""
        segments, suffix = [], ""
        for part in path.strip("/").split("/"):
            found = re.fullmatch(r"\{([+/]?)([^}*]+)\*?\}(.*)", part)
            if not found:
                text, _, suffix = part.partition(":")
                segments.append((None, text))
                suffix = suffix and ":" + suffix
                continue
            kind, name, suffix = found.groups()
            pattern = self.params.get(name, {}).get("pattern", "")
            inner = LONG.fullmatch(pattern)
            if kind and inner:
                # A segment of any depth stands for one: `^liens/.*$`.
                parts = inner.group(1).replace("[^/]+", "*").replace(".*", "*").split("/")
                segments += [(name, part) for part in parts]
            else:
                segments.append((name, "**" if kind else "*"))
        if segments and segments[0][0] is None and VERSION.match(segments[0][1]):
            segments = segments[1:]
        return segments, suffix

    @property
    def form(self):
        """`projects/*/topics/*`, with `:verb` where the path ends so."""
        return "/".join(text for _, text in self.segments) + self.suffix

    def place(self, args):
        """The segments of the path with these arguments, or None if they do not tell."""
        out, values = [], {}
        for name, text in self.segments:
            if name is None:
                out.append(text)
            elif text == "**":
                return None
            elif self.is_long(name):
                values.setdefault(name, str(args[name]).split("/"))
                if not values[name]:
                    return None
                out.append(values[name].pop(0))
            else:
                out.append(str(args[name]))
        return out

    def is_long(self, name):
        """Whether a variable stands for several segments."""
        return sum(1 for own, _ in self.segments if own == name) > 1

    def bind(self, place):
        """The path arguments that lead to a place."""
        args = {}
        for (name, _), value in zip(self.segments, place):
            if name is not None:
                args.setdefault(name, []).append(value)
        return {name: "/".join(values) for name, values in args.items()}

    def schema(self, which):
        """The schema of `request` or `response`, with its name."""
        node = self.node.get(which)
        return None if node is None else self.document.resolve(node)


class Group:
    """A kind of resource: the methods that create, read, change, and delete it."""

    def __init__(self, get, methods):
        self.get, self.form = get, get.form
        self.collection = self.form.rpartition("/")[0]
        self.create = self._first(methods, ("create", "insert"))
        self.lists = self._first(methods, ("list",))
        self.delete = self._first(methods, ("delete",))
        self.changes = [m for m in methods if m.name in ("patch", "update") and m.form == self.form]

    def _first(self, methods, names):
        own = {"POST": self.collection, "PUT": self.form, "GET": self.collection, "DELETE": self.form}
        fits = (m for m in methods if m.name in names and m.form == own.get(m.verb))
        return next(fits, None)

    def patterns(self):
        """The patterns of the path's segments, by position, that the client checks."""
        found = []
        for method in (self.get, self.create or self.get):
            for at, (name, _) in enumerate(method.segments):
                pattern = method.params.get(name, {}).get("pattern")
                if pattern and not method.is_long(name):
                    found.append((at, pattern))
        return found

    @property
    def members(self):
        """The members that can have the last segment of the path, the likeliest first.

        One may have the end of the variable's name: `emailAddress` for `cseEmailAddress`, and
        `ruleName` for `responsePolicyRule`.
        """
        variable = self.get.segments[-1][0] or ""
        first, last = ("id", "name") if variable.endswith("Id") else ("name", "id")
        properties = self.get.schema("response")[1].get("properties", {})
        capital = {n: n[:1].upper() + n[1:] for n in properties if n not in (first, variable, last)}
        ends = [n for n, text in capital.items() if variable.endswith((text, text.removesuffix("Name")))]
        return (first, variable, last, *ends)

    def reference(self):
        """The member whose object has a member for each variable of the path, if there are several."""
        variables = [name for name, _ in self.get.segments if name]
        if len(variables) < 2 or self.get.node.get("response") is None:
            return None
        members = self.get.schema("response")[1].get("properties", {})
        for name, node in members.items():
            _, inner = self.get.document.resolve(node)
            if all(variable in inner.get("properties", {}) for variable in variables):
                return name
        return None

    @property
    def creatable(self):
        """Whether a client can make one by a call."""
        return self.create is not None and self.create.node.get("request") is not None


class Document:
    """A document with its methods by id and the groups that `get` methods found."""

    def __init__(self, node):
        self.node = node
        self.schemas = node.get("schemas", {})
        self.methods = {}
        self.groups = []
        self._read(node, ())

    def _read(self, node, path):
        own = [Method(path, name, m, self) for name, m in node.get("methods", {}).items()]
        self.methods.update((method.id, method) for method in own)
        for get in own:
            if get.name == "get" and get.verb == "GET" and get.segments[-1:] and get.segments[-1][1] == "*":
                if get.node.get("response"):
                    self.groups.append(Group(get, own))
        for name, inner in node.get("resources", {}).items():
            self._read(inner, (*path, name))

    def resolve(self, node):
        """A schema node behind its references, with the name of the last one."""
        name = None
        while "$ref" in node:
            name = node["$ref"]
            node = self.schemas[name]
        return name, node

    def is_operation(self, name):
        """Whether a schema is that of operations, which tell how far a change is."""
        return bool(name) and name.endswith("Operation")
