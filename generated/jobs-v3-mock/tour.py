#!/usr/bin/env python3
"""Walks through a jobs:v3 server with google-api-python-client, Google's own client.

    tour.py DOCUMENT ENDPOINT

DOCUMENT is the discovery document, ENDPOINT the root URL of the server, for example
http://127.0.0.1:8383/. Ends with an error if anything is not as expected.
"""

import json
import sys

from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
import httplib2

PARENT = "projects/tour"
META = {"domain": "example.com", "sessionId": "s", "userId": "u"}


def refused(call, status, reason):
    """Runs a call that must fail, and gives the error."""
    try:
        answer = call.execute()
    except HttpError as error:
        body = json.loads(error.content)["error"]
        assert (error.resp.status, body["status"]) == (status, reason), body
        print(f"refused as expected: {body['message'].splitlines()[0]}")
        return body
    raise AssertionError(f"{reason} was expected, not {answer}")


def companies(service):
    resource = service.projects().companies()
    company = resource.create(
        parent=PARENT, body={"company": {"displayName": "Acme", "externalId": "acme", "size": "SMALL"}}
    ).execute()
    print("created", company["name"])
    assert resource.get(name=company["name"]).execute() == company
    again = {"company": {"displayName": "Acme", "externalId": "acme"}}
    refused(resource.create(parent=PARENT, body=again), 409, "ALREADY_EXISTS")
    wrong = {"company": {"displayName": "A", "externalId": "b", "size": "HUGE", "x": 1}}
    error = refused(resource.create(parent=PARENT, body=wrong), 400, "INVALID_ARGUMENT")
    assert len(error["details"][0]["fieldViolations"]) == 2, error
    body = {"company": {"websiteUri": "https://acme.example"}, "updateMask": "websiteUri"}
    patched = resource.patch(name=company["name"], body=body).execute()
    assert patched["displayName"] == "Acme" and patched["websiteUri"] == "https://acme.example"
    return company["name"]


def jobs(service, company):
    resource = service.projects().jobs()
    titles = ["Rust engineer", "Python engineer", "Rust trainer", "Cook", "Nurse"]
    for n, title in enumerate(titles):
        job = {
            "companyName": company,
            "requisitionId": f"r{n}",
            "title": title,
            "description": f"We look for a {title}.",
            "applicationInfo": {"emails": ["jobs@acme.example"]},
            "addresses": ["Berlin, Germany" if n % 2 else "Paris, France"],
        }
        created = resource.create(parent=PARENT, body={"job": job}).execute()
        assert created["companyDisplayName"] == "Acme" and created["postingCreateTime"]
    seen = []
    request = resource.list(parent=PARENT, filter=f'companyName = "{company}"', pageSize=2)
    while request is not None:
        page = request.execute()
        seen += [job["title"] for job in page["jobs"]]
        request = resource.list_next(request, page)
    assert seen == titles, seen
    print("listed", len(seen), "jobs in pages of two")
    refused(resource.list(parent=PARENT, filter="title = 1"), 400, "INVALID_ARGUMENT")
    # A long query: the client sends it as a form, with the verb in a header.
    long = f'companyName = "{company}" AND requisitionId = "{"x" * 3000}"'
    assert "jobs" not in resource.list(parent=PARENT, filter=long).execute()


def search(service):
    resource = service.projects().jobs()
    body = {"requestMetadata": META, "jobQuery": {"query": "rust"}, "orderBy": "title", "pageSize": 1}
    found = []
    while True:
        answer = resource.search(parent=PARENT, body=body).execute()
        found += [match["job"]["title"] for match in answer["matchingJobs"]]
        if not answer.get("nextPageToken"):
            break
        body["pageToken"] = answer["nextPageToken"]
    assert found == ["Rust engineer", "Rust trainer"], found
    assert answer["totalSize"] == 2 and answer["metadata"]["requestId"]
    print("found", found)
    refused(resource.search(parent=PARENT, body={}), 400, "INVALID_ARGUMENT")
    fields = "matchingJobs/job(title,addresses),totalSize"
    body = {"requestMetadata": META, "jobView": "JOB_VIEW_FULL",
            "jobQuery": {"locationFilters": [{"address": "Berlin"}]}}
    answer = resource.searchForAlert(parent=PARENT, body=body, fields=fields).execute()
    assert set(answer) == {"matchingJobs", "totalSize"} and answer["totalSize"] == 2, answer
    assert set(answer["matchingJobs"][0]["job"]) == {"title", "addresses"}
    results = service.projects().complete(name=PARENT, query="ru", pageSize=5).execute()
    assert [r["suggestion"] for r in results["completionResults"]] == ["Rust engineer", "Rust trainer"]
    return answer


def event(service):
    body = {"clientEvent": {
        "requestId": "1", "eventId": "e1", "createTime": "2026-01-15T10:00:00Z",
        "jobEvent": {"type": "VIEW", "jobs": [PARENT + "/jobs/2"]},
        "extraInfo": {"page": "3"},
    }}
    answer = service.projects().clientEvents().create(parent=PARENT, body=body).execute()
    assert answer == body["clientEvent"], answer
    print("reported", answer["jobEvent"]["type"])


def batch(service, company):
    answers = {}
    calls = service.new_batch_http_request(callback=lambda id, answer, error: answers.update({id: (answer, error)}))
    calls.add(service.projects().companies().get(name=company), request_id="there")
    calls.add(service.projects().companies().get(name=PARENT + "/companies/none"), request_id="none")
    calls.execute()
    assert answers["there"][0]["displayName"] == "Acme"
    assert answers["none"][1].resp.status == 404
    print("batched", len(answers), "calls")


def clean(service, company):
    refused(service.projects().companies().delete(name=company), 400, "FAILED_PRECONDITION")
    resource = service.projects().jobs()
    for n in range(5):
        body = {"filter": f'companyName = "{company}" AND requisitionId = "r{n}"'}
        assert resource.batchDelete(parent=PARENT, body=body).execute() == {}
    assert service.projects().companies().delete(name=company).execute() == {}
    refused(service.projects().companies().get(name=company), 404, "NOT_FOUND")


def main():
    document, endpoint = sys.argv[1:3]
    with open(document, encoding="utf-8") as file:
        document = json.load(file)
    # The client takes its paths and its batch URL from the document.
    document["rootUrl"] = document["baseUrl"] = endpoint
    service = build_from_document(document, http=httplib2.Http(timeout=30))
    company = companies(service)
    jobs(service, company)
    search(service)
    event(service)
    batch(service, company)
    clean(service, company)
    print("the tour is over: all as expected")


if __name__ == "__main__":
    main()
