"""Values for parameters and bodies, made from a document, and the check of answers against it."""

import re
import uuid

AWKWARD = ["a b", "é", "x+y", "a&b=c", "(g)", "t~-._z", "50%"]
# What a server must find out of order when it is made up, in a body or a parameter.
STATEFUL = {"etag", "fingerprint", "labelFingerprint", "pageToken"}


class Maker:
    """Makes arguments. `size` is `required`, `all`, or `special` for awkward characters."""

    def __init__(self, document, size):
        self.document, self.size, self.count = document, size, 0

    def text(self, name):
        """A text that occurs once."""
        self.count += 1
        if name == "requestId":
            # A server takes an ID for one request only.
            return str(uuid.uuid4())
        if self.size == "special":
            return AWKWARD[self.count % len(AWKWARD)] + str(self.count)
        return f"{re.sub('[^a-z]', '', name.lower())[:8] or 'v'}-{self.count}"

    def params(self, method):
        """Arguments for the parameters of a method."""
        args = {}
        for name, node in method.params.items():
            wanted = node.get("required") or self.size != "required"
            if not wanted or is_stateful(method, name):
                continue
            if node.get("deprecated") and not node.get("required"):
                continue
            args[name] = self.param(method, name, node)
        return args

    def param(self, method, name, node):
        """One argument; that of a path fits its pattern."""
        if node.get("location") == "path" and method.is_long(name):
            parts = [text for own, text in method.segments if own == name]
            return "/".join(self.text(name) if part == "*" else part for part in parts)
        if node.get("location") == "path" and node.get("pattern", "").startswith("^"):
            pattern = node["pattern"].strip("^$")
            return re.sub(r"\[\^/\]\+|\.[*+]", lambda _: self.text(name), pattern)
        if "pattern" in node and "enum" not in node:
            return fitting(node["pattern"], self.text(name), self.count)
        value = self.scalar(name, node)
        return [value] if node.get("repeated") else value

    def scalar(self, name, node):
        """A value of a scalar schema."""
        if "enum" in node:
            values = node["enum"]
            plain = [v for v in values if not v.endswith("UNSPECIFIED")]
            return (plain or values)[0]
        kind, form = node.get("type"), node.get("format")
        if "default" in node and kind != "boolean":
            return node["default"] if kind == "string" else float(node["default"])
        if kind == "boolean":
            return False
        if kind in ("integer", "number"):
            least = float(node.get("minimum", 1))
            number = max(least, 1)
            return number if kind == "number" else int(number)
        made = {
            "int64": "1", "uint64": "1", "date": "2026-01-15", "google-duration": "600s",
            "date-time": "2026-01-15T10:00:00Z", "google-datetime": "2026-01-15T10:00:00Z",
            "byte": "aGk_LQ==", "google-fieldmask": "*",
        }
        return made.get(form) if form in made else self.text(name)

    def body(self, node, depth=0, needed_by=""):
        """A value of a schema; without members that only the server sets."""
        _, node = self.document.resolve(node)
        if node.get("type") == "array":
            item = self.body(node["items"], depth + 1, needed_by)
            return [] if item is None else [item]
        if node.get("type") == "any":
            return "any"
        if node.get("type") != "object":
            return self.scalar("value", node)
        out = {}
        if "additionalProperties" in node and "properties" not in node:
            value = self.body(node["additionalProperties"], depth + 1)
            return out if value is None or depth > 2 else {"key": value}
        for name, inner in node.get("properties", {}).items():
            required = is_required(inner, needed_by)
            stateful = name in STATEFUL and not required
            if is_servers(inner) or stateful or (depth > 2 and not required):
                continue
            if not required and self.size == "required" or depth > 6:
                continue
            value = self.member(name, inner, depth, needed_by)
            if value is not None:
                out[name] = value
        return out

    def completed(self, node, value, needed_by):
        """A value with the members that are required and that it lacks, at every depth."""
        _, node = self.document.resolve(node)
        if isinstance(value, list):
            return [self.completed(node.get("items", {}), item, needed_by) for item in value]
        if not isinstance(value, dict):
            return value
        properties, more = node.get("properties", {}), node.get("additionalProperties", {})
        out = self.body(node, needed_by=needed_by) if properties else {}
        for name, inner in value.items():
            if name not in STATEFUL:
                inner = self.completed(properties.get(name, more), inner, needed_by)
                out[name] = out[name] if inner in ("", [], {}) and name in out else inner
        return out

    def member(self, name, node, depth, needed_by):
        """The value of a member."""
        _, resolved = self.document.resolve(node)
        if resolved.get("type") in ("object", "array", "any"):
            return self.body(node, depth + 1, needed_by)
        return self.scalar(name, resolved)


def fitting(pattern, text, count):
    """A text that a client takes for this pattern: this one, or else one made of the pattern."""
    parts = re.sub(r"\((?:[^()]|\([^()]*\))*\)", f"v{count}", pattern)
    for candidate in (text, f"v{count}", str(count), parts):
        if re.fullmatch(pattern, candidate):
            return candidate
    return text


def is_stateful(method, name):
    """Whether the value of a parameter depends on what the server has, so that none can be made up."""
    node = method.params[name]
    stateful = name in STATEFUL or name == "fields" or re.match("if[A-Z]", name) is not None
    return stateful and not node.get("required")


def is_required(node, method=""):
    """Whether a schema says that every request needs this member, or that this method does."""
    by = node.get("annotations", {}).get("required", [])
    said = re.match(r"\[?required[].:]", node.get("description", ""), re.IGNORECASE)
    return bool(node.get("required") or said or method in by)


def is_number(node):
    """Whether a member or parameter is an integer, which may be sent as text."""
    return node.get("type") == "integer" or node.get("format") in ("int64", "uint64")


def is_immutable(node):
    """Whether no change may give this member another value."""
    return bool(re.match(r"(\[?(required|optional|identifier)[].:]+ )*\[?immutable", node.get("description", ""), re.I))


def is_servers(node):
    """Whether only the server sets this member."""
    said = re.match(r"(deprecated: |\[)?output[ -]only", node.get("description", ""), re.IGNORECASE)
    return bool(node.get("readOnly") or said)


DATE = r"\d{4}-\d\d-\d\d"
TIME = DATE + r"T\d\d:\d\d:\d\d(\.\d+)?"
FORMS = {
    "int64": r"-?\d+",
    "uint64": r"\d+",
    "date": DATE,
    "google-duration": r"-?\d+(\.\d+)?s",
    "google-datetime": TIME + r"(Z|[+-]\d\d:\d\d)",
    "date-time": TIME + r"(Z|[+-]\d\d:\d\d)?",
    "byte": r"[A-Za-z0-9+/_=-]*",
}
KINDS = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}


def misfits(document, node, value, at="", depth=0):
    """What of an answer does not fit its schema, as texts."""
    _, node = document.resolve(node)
    kind = node.get("type", "any")
    if kind == "any" or depth > 40:
        return []
    if kind == "number" and value in ("NaN", "Infinity", "-Infinity"):
        return []
    if not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return [f"{at or 'the answer'} is {str(value)[:40]!r}, no {kind}"]
    if kind == "array":
        items = [(item, f"{at}[{n}]") for n, item in enumerate(value)]
        found = (misfits(document, node["items"], item, place, depth + 1) for item, place in items)
        return [text for texts in found for text in texts]
    if kind == "object":
        return members(document, node, value, at, depth)
    form = node.get("format")
    if kind == "string" and not re.fullmatch(FORMS.get(form, ".*"), value, re.DOTALL):
        return [f"{at} is {value[:40]!r}, no {form}"]
    if "enum" in node and value not in node["enum"]:
        return [f"{at} is {value[:40]!r}, not one of its enum"]
    return []


def members(document, node, value, at, depth):
    """The misfits of an object."""
    found, properties = [], node.get("properties", {})
    for name, member in value.items():
        inner = properties.get(name, node.get("additionalProperties"))
        place = f"{at}.{name}".strip(".")
        if inner is None:
            if name != "@type":
                found.append(f"{place} is no member of the schema")
        else:
            found += misfits(document, inner, member, place, depth + 1)
    return found


def lost(sent, seen, at=""):
    """The members of what was sent that are not seen again, as texts."""
    if isinstance(sent, dict) and isinstance(seen, dict):
        found = []
        for name, value in sent.items():
            place = f"{at}.{name}".strip(".")
            if name not in seen:
                found += [] if value in ({}, [], "", None) else [f"{place} is gone"]
            else:
                found += lost(value, seen[name], place)
        return found
    if isinstance(sent, list) and isinstance(seen, list) and len(sent) == len(seen):
        return [text for n, pair in enumerate(zip(sent, seen)) for text in lost(*pair, f"{at}[{n}]")]
    same = sent == seen or (isinstance(sent, str) and same_text(sent, seen))
    return [] if same else [f"{at} was {str(sent)[:40]!r} and is {str(seen)[:40]!r}"]


def same_text(sent, seen):
    """Whether two texts differ only in the alphabet of base64."""
    if not isinstance(seen, str):
        return str(seen) == sent
    plain = str.maketrans("-_", "+/")
    return sent.translate(plain).rstrip("=") == seen.translate(plain).rstrip("=")
