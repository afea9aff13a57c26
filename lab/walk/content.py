"""Uploads and downloads: in one request, with metadata, and in chunks."""

import base64
import hashlib
import io

from googleapiclient.http import MediaIoBaseDownload

from client import media
from errors import Fault
from values import Maker


def every_upload(walk):
    """Uploads by every method that takes content, and reads it back where it can be read."""
    for method in walk.document.methods.values():
        if method.node.get("supportsMediaUpload"):
            for resumable in (False, True):
                what = "upload in chunks" if resumable else "upload"
                walk.attempt(method, what, lambda: upload(walk, method, resumable, what))


def upload(walk, method, resumable, what):
    """One upload, of more than a chunk if it is resumable."""
    data = bytes(range(256)) * (1200 if resumable else 4)
    wish = f"upload-{int(resumable)}"
    group = walk.created_by(method)
    maker = Maker(walk.document, "required")
    args, body = walk.stage.prepare(method, maker.params(method), own=group is None), None
    if group:
        parent = method.place(args)
        args, body, _ = walk.stage.creation(group, parent, wish, "required")
    elif method.node.get("request") is not None:
        body = maker.body(method.node["request"], needed_by=method.id)
    answer = walk.client.call(method, args, body, media=media(data, resumable))
    walk.fits(method, answer, what)
    if isinstance(answer, dict):
        checksums(walk, method, answer, data, what)
        if group and group.get.node.get("supportsMediaDownload"):
            place = walk.stage.place_of(group, parent, wish, answer)
            walk.attempt(group.get, what, lambda: download(walk, group.get, place, data))


def checksums(walk, method, answer, data, what):
    """Size and checksums are those of the content, where the schema has them."""
    md5 = hashlib.md5(data)
    expected = {
        "size": str(len(data)),
        "md5Hash": base64.b64encode(md5.digest()).decode(),
        "md5Checksum": md5.hexdigest(),
        "sha1Checksum": hashlib.sha1(data).hexdigest(),
        "sha256Checksum": hashlib.sha256(data).hexdigest(),
    }
    properties = method.schema("response")[1].get("properties", {})
    for name, value in expected.items():
        if name in properties and str(answer.get(name)) != value:
            walk.fault(method, f"{what}: {name} is {answer.get(name)!r}, not {value!r}")


def download(walk, get, place, data):
    """Reads content back in chunks."""
    request = walk.client.request(get, get.bind(place), suffix="_media")
    out = io.BytesIO()
    chunks = MediaIoBaseDownload(out, request, chunksize=100_000)
    done = False
    while not done:
        _, done = chunks.next_chunk()
    if out.getvalue() != data:
        got = len(out.getvalue())
        raise Fault(f"a download gave {got} bytes that are not the {len(data)} of the upload")
