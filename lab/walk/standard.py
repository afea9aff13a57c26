"""The life of a resource, from creation to deletion, and pages of a list."""

from errors import Refused
from stage import fits
from values import Maker, is_required, is_servers, lost, misfits

# Members whose text a client changes.
TEXTS = ("displayName", "description", "title", "summary", "name", "content")


def life(walk, group):
    """Create, get, list, change, delete; each must show what came before."""
    parent = walk.attempt(group.create, "life", lambda: parent_of(walk, group))
    if parent is None:
        return
    made = walk.attempt(group.create, "life", lambda: walk.stage.create(group, parent, "life-1", "all"))
    if made is None:
        return
    place, sent, answer = made
    operation(walk, group, answer)
    seen = walk.attempt(group.get, "after create", lambda: walk.client.call(group.get, group.get.bind(place)))
    if seen is None:
        return
    walk.fits(group.get, seen, "after create")
    note_lost(walk, group, group.create, sent, seen)
    if group.lists:
        listed(walk, group, parent, place)
    for change in group.changes:
        seen = changed(walk, group, change, place, seen) or seen
    if group.delete:
        deleted(walk, group, place)


def parent_of(walk, group):
    """A place for a new resource, whatever is above it made."""
    maker_args = Maker(walk.document, "required").params(group.get)
    place = group.get.place(maker_args)
    if place is None:
        return None
    for end, above in walk.stage.groups_above(group.get.segments[:-1]):
        place[:end] = walk.stage.ensure(above, place[:end])
    return place[:-1]


def operation(walk, group, answer):
    """An operation that a creation answers is done, and can be looked at again."""
    name, _ = group.create.schema("response") or (None, None)
    if not walk.document.is_operation(name) or name == (group.get.schema("response") or (None,))[0]:
        return
    done = answer.get("done") is True or answer.get("status") == "DONE"
    if not done or answer.get("error") or answer.get("warnings"):
        walk.fault(group.create, f"its operation is not done, or not well: {str(answer)[:120]}")
    has_target = "targetLink" in group.create.schema("response")[1].get("properties", {})
    if has_target and not answer.get("targetLink"):
        walk.fault(group.create, "its operation has no target")
    path = (answer.get("selfLink") or answer.get("name") or "").split("/")
    for other in walk.document.groups:
        place = path[-len(other.form.split("/")):]
        if (other.get.schema("response") or (None,))[0] == name and fits(other.form, place):
            read = lambda: walk.client.call(other.get, other.get.bind(place))
            again = walk.attempt(other.get, "its operation", read)
            if again is not None and again != answer:
                walk.fault(other.get, "an operation is another one when it is read again")


def note_lost(walk, group, method, sent, seen):
    """Notes what was sent and is not there."""
    properties = group.get.schema("response")[1].get("properties", {})
    path = (name for name, _ in group.get.segments)
    identity = {group.reference(), *group.members, "kind", "etag", "selfLink", *path}
    ours = {n for n, node in properties.items() if n not in identity and not is_servers(node)}
    kept = {n: v for n, v in sent.items() if n in ours}
    # A server shows a name of another resource as its URL.
    for text in [text for text in lost(kept, seen) if not is_time(text) and "://" not in text][:3]:
        walk.fault(method, f"what was sent: {text}")


def is_time(text):
    """Times of creation and change are the server's, whatever was sent."""
    words = ("time", "created", "updated", "generation", "size")
    return any(word in text.split(" ")[0].lower() for word in words)


def listed(walk, group, parent, place):
    """A list shows the resource."""
    items = walk.attempt(group.lists, "after create", lambda: all_items(walk, group, parent, {}))
    if items is not None and place[-1] not in ids(group, items[0]):
        walk.fault(group.lists, f"does not show {place[-1]}, but {ids(group, items[0])[:5]}")


def all_items(walk, group, parent, args):
    """The items of all pages, and how many pages there are."""
    required = Maker(walk.document, "required").params(group.lists)
    request = walk.client.request(group.lists, {**required, **group.lists.bind(parent), **args})
    items, count = [], 0
    following = getattr(walk.client.resource(group.lists), group.lists.name + "_next", None)
    while request is not None and count < 500:
        page = walk.client.send(group.lists, request)
        for text in misfits(walk.document, group.lists.node["response"], page)[:3]:
            walk.fault(group.lists, text)
        items += items_of(walk, group, page)
        count += 1
        request = following(request, page) if following else None
    return items, count


def items_of(walk, group, page):
    """The resources in an answer: the list of their schema, or a map of such lists by scope."""
    own, found = group.get.schema("response")[0], []
    properties = group.lists.schema("response")[1].get("properties", {})
    for name, value in page.items():
        item = properties.get(name, {}).get("items", {})
        plural = group.collection.rpartition("/")[2]
        of_resource = item.get("$ref") == own or name in ("items", plural)
        if isinstance(value, list) and of_resource:
            found += value
    return found


def ids(group, items):
    """What could be the last segment of the items' places."""
    variable = group.get.segments[-1][0] or ""
    found = []
    for item in items:
        values = [item.get(member) for member in group.members]
        values.append((item.get(group.reference()) or {}).get(variable))
        found += [str(v).rpartition("/")[2] if group.get.is_long(variable) else str(v) for v in values if v]
    return found


def changed(walk, group, change, place, before):
    """A change of one member is seen, and the others stay."""
    properties = group.get.schema("response")[1].get("properties", {})
    identity = {group.get.segments[-1][0], "name" if not group.get.segments[-1][0].endswith("Id") else "id"}
    texts = [t for t in TEXTS if properties.get(t, {}).get("type") == "string" and t not in identity]
    texts = [t for t in texts if not is_servers(properties[t])]
    if not texts or change.schema("request") is None:
        return None
    body, resource = {}, {n: before[n] for n in before if is_required(properties.get(n, {}), change.id)}
    resource[texts[0]] = "changed"
    if change.verb == "PUT" or change.name == "update":
        resource = {**{n: v for n, v in before.items() if n != "etag"}, **resource}
    args = change.bind(place)
    name, schema = change.schema("request")
    if name == group.get.schema("response")[0]:
        body = resource
    else:
        member = next((n for n, node in schema.get("properties", {}).items()
                       if node.get("$ref") == group.get.schema("response")[0]), None)
        if member is None:
            return None
        body = {member: resource}
        if "updateMask" in schema["properties"]:
            body["updateMask"] = texts[0]
    if "updateMask" in change.params:
        args["updateMask"] = texts[0]
    walk.attempt(change, "a change", lambda: walk.client.call(change, args, body))
    after = walk.attempt(change, "after a change", lambda: walk.client.call(group.get, group.get.bind(place)))
    if after is None:
        return None
    if after.get(texts[0]) != "changed":
        walk.fault(change, f"{texts[0]} was changed and is {after.get(texts[0])!r}")
    stay = {n: v for n, v in before.items() if n not in (texts[0], "etag", "metageneration", "fingerprint")}
    for text in [text for text in lost(stay, after) if not is_time(text)][:3]:
        walk.fault(change, f"a change of {texts[0]}: {text}")
    return after


def deleted(walk, group, place):
    """What is deleted is not there, and is not listed."""
    args = {**Maker(walk.document, "required").params(group.delete), **group.delete.bind(place)}
    walk.attempt(group.delete, "life", lambda: walk.client.call(group.delete, args))
    try:
        walk.client.call(group.get, group.get.bind(place))
        walk.fault(group.delete, "what was deleted can still be read")
    except Refused as refused:
        if refused.status != 404:
            walk.fault(group.delete, f"what was deleted is no 404: {refused}")
        return
    try:
        walk.client.call(group.delete, args)
        walk.fault(group.delete, "what was deleted can be deleted again")
    except Refused:
        pass


def pages(walk, group):
    """Pages of one have each of three resources once."""
    lists = group.lists
    size = lists and next((n for n in ("pageSize", "maxResults") if n in lists.params), None)
    token = lists and "nextPageToken" in (lists.schema("response") or ("", {}))[1].get("properties", {})
    if not size or not token:
        return
    parent = walk.attempt(lists, "pages", lambda: parent_of(walk, group))
    if parent is None:
        return
    work = lambda: [walk.stage.create(group, parent, f"page-{n}")[0][-1] for n in range(3)]
    made = walk.attempt(lists, "pages", work)
    if not made:
        return
    found = walk.attempt(lists, "pages", lambda: all_items(walk, group, parent, {size: 2}))
    if found is None:
        return
    for wanted in made:
        count = ids(group, found[0]).count(wanted)
        if wanted not in ids(group, found[0]):
            walk.fault(lists, f"pages do not have {wanted}")
    if found[1] < 2:
        walk.fault(lists, f"{len(found[0])} items came in one page of at most 2")
