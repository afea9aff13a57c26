"""Gets a token with google-auth, from stand-ins for Google's services.

Reads one JSON object from standard input and prints the headers of a call, as JSON. Requests to
Google's hosts go to the stand-in.
"""

import json
import sys

import google.auth.transport.requests
from google.auth import aws, compute_engine, external_account_authorized_user, identity_pool
from google.auth import impersonated_credentials, pluggable
from google.oauth2 import credentials as users
from google.oauth2 import service_account

HOSTS = (
    "https://oauth2.googleapis.com",
    "https://iamcredentials.googleapis.com",
    "https://sts.googleapis.com",
)


class Request(google.auth.transport.requests.Request):
    """A transport that reaches the stand-in only."""

    def __init__(self, base):
        super().__init__()
        self.base = base.rstrip("/")

    def __call__(self, url, **settings):
        for host in HOSTS:
            if url.startswith(host + "/"):
                url = self.base + url[len(host):]
        if not url.startswith("http://127.0.0.1:"):
            raise RuntimeError(f"a request to {url}")
        return super().__call__(url, **settings)


def with_key(task, kind):
    """Credentials of a service account's key."""
    if kind == "IdKey":
        return service_account.IDTokenCredentials.from_service_account_info(
            task["file"], target_audience=task["audience"]
        )
    account = service_account.Credentials.from_service_account_info(task["file"], scopes=task["scopes"])
    account = account.with_quota_project(task["file"]["quota_project_id"])
    if kind == "KeySigned":
        account = account.with_always_use_jwt_access(True)
    if kind == "KeySubject":
        account = account.with_subject(task["subject"])
    return account


def credentials(task, request):
    """The credentials that Google's documents name for the kind."""
    kind = task["kind"]
    if kind in ("KeySigned", "KeyExchanged", "KeySubject", "IdKey"):
        return with_key(task, kind)
    if kind == "IdImpersonated":
        target = impersonated_credentials.Credentials(
            users.Credentials(task["source"]), task["email"], task["scopes"]
        )
        return impersonated_credentials.IDTokenCredentials(
            target, target_audience=task["audience"], include_email=True
        )
    if kind == "Metadata":
        return compute_engine.Credentials(
            scopes=task["scopes"], quota_project_id=task["quota"], universe_domain="googleapis.com"
        )
    if kind == "IdMetadata":
        return compute_engine.IDTokenCredentials(
            request, task["audience"], use_metadata_identity_endpoint=True
        )
    return from_file(task["file"], kind, task["scopes"])


def from_file(info, kind, scopes):
    """What google.auth.default makes of a file, without its search for a project."""
    if kind == "User":
        return users.Credentials.from_authorized_user_info(info, scopes=scopes)
    if kind == "Impersonated":
        loader = impersonated_credentials.Credentials
        return loader.from_impersonated_service_account_info(info, scopes=scopes)
    if kind == "Workforce":
        return external_account_authorized_user.Credentials.from_info(info)
    modules = {"WorkloadAws": aws, "WorkloadProgram": pluggable}
    return modules.get(kind, identity_pool).Credentials.from_info(info, scopes=scopes)


def main():
    task = json.load(sys.stdin)
    request = Request(task["base"])
    found = credentials(task, request)
    if task["kind"] == "IdImpersonated":
        # It makes a session of its own, which would reach Google.
        google.auth.transport.requests.Request = lambda *_: request
        redirect_sessions(task["base"])
    found.refresh(request)
    headers = {}
    found.apply(headers)
    print(json.dumps(headers))


def redirect_sessions(base):
    """Sends the requests of authorized sessions to the stand-in."""
    session = google.auth.transport.requests.AuthorizedSession
    original = session.request

    def to_stand_in(self, method, url, *arguments, **settings):
        for host in HOSTS:
            if url.startswith(host + "/"):
                url = base.rstrip("/") + url[len(host):]
        if not url.startswith("http://127.0.0.1:"):
            raise RuntimeError(f"a request to {url}")
        return original(self, method, url, *arguments, **settings)

    session.request = to_stand_in


if __name__ == "__main__":
    main()
