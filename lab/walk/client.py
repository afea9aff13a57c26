"""Calls by google-api-python-client, and what their failures must look like."""

import copy
import json

import httplib2
from googleapiclient import discovery
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaInMemoryUpload, build_http

from errors import Fault, Refused


class Client:
    """The client of a document, on a server of our own."""

    def __init__(self, document, endpoint):
        # The client adds parameters of its own to the document that it is given.
        node = copy.deepcopy(document.node)
        node.update(rootUrl=endpoint, baseUrl=endpoint + node["servicePath"])
        node.pop("mtlsRootUrl", None)
        self.service = discovery.build_from_document(node, http=build_http())
        self.calls = {}

    def resource(self, method):
        """The object of the client that has a method."""
        found = self.service
        for name in method.resource:
            found = getattr(found, discovery.fix_method_name(name))()
        return found

    def request(self, method, args, body=None, media=None, suffix=""):
        """A request that was not sent yet."""
        kwargs = {discovery.key2param(name): value for name, value in args.items()}
        if method.node.get("request") is not None:
            kwargs["body"] = {} if body is None else body
        if media is not None:
            kwargs["media_body"] = media
        function = getattr(self.resource(method), discovery.fix_method_name(method.name) + suffix)
        try:
            return function(**kwargs)
        except (TypeError, ValueError) as error:
            raise Fault(f"the client refuses the arguments: {error}") from error

    def call(self, method, args, body=None, **more):
        """The answer of a method."""
        return self.send(method, self.request(method, args, body, **more))

    def send(self, method, request):
        """The answer to a request; an error answer must be one that clients can read."""
        self.calls[method.id] = self.calls.get(method.id, 0) + 1
        try:
            return request.execute()
        except HttpError as error:
            raise read_error(error) from error
        except (OSError, httplib2.HttpLib2Error, ValueError) as error:
            raise Fault(f"no answer: {type(error).__name__}: {error}") from error


def read_error(error):
    """An error answer as an exception: refused by the server's rules, or a fault of the server."""
    status = int(error.resp.status)
    try:
        body = json.loads(error.content)["error"]
        told = int(body["code"]), body["message"]
    except (ValueError, KeyError, TypeError):
        return Fault(f"{status} without Google's error object: {error.content[:80]!r}")
    if told[0] != status or not told[1] or not error.reason:
        return Fault(f"{status} whose error object says {told}")
    if status >= 500:
        return Fault(f"{status}: {told[1]}")
    return Refused(status, told[1], body)


def media(content, resumable):
    """Content to upload, in chunks of the least size if resumable."""
    return MediaInMemoryUpload(content, mimetype="text/plain", chunksize=256 * 1024, resumable=resumable)
