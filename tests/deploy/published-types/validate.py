"""Parses requests to Google's APIs by the types that Google publishes.

Reads one request a line from stdin, {api, method, path, query, body}, and writes {complaints, methods, checked} to stdout. Which request type
belongs to which address, Google's clients say themselves: their REST transports hold the HTTP rule of each method, and its type. A field
that the type hasn't, a value that the field can't have and a mask that names no field are complaints, and so is an address that no
method has.
"""
import importlib
import inspect
import json
import re
import sys

from google.cloud import iam_admin_v1, logging_v2, monitoring_v3
from google.iam.v1 import iam_policy_pb2
from google.protobuf import field_mask_pb2, json_format

from discovered import Discovered

# The clients that have a REST transport: by the name that the endpoint has in gcloud.
CLIENTS = {
    "cloudbilling": ["google.cloud.billing_v1.services.cloud_billing"],
    "cloudfunctions": ["google.cloud.functions_v2.services.function_service"],
    "eventarc": ["google.cloud.eventarc_v1.services.eventarc"],
    "cloudscheduler": ["google.cloud.scheduler_v1.services.cloud_scheduler"],
    "firestore": ["google.cloud.firestore_admin_v1.services.firestore_admin"],
    "monitoring": ["google.cloud.monitoring_dashboard_v1.services.dashboards_service"],
    "pubsub": ["google.pubsub_v1.services.publisher", "google.pubsub_v1.services.subscriber"],
    "run": ["google.cloud.run_v2.services.services"],
    "secrets": ["google.cloud.secretmanager_v1.services.secret_manager_service"],
    "serviceusage": ["google.cloud.service_usage_v1.services.service_usage"],
}

# The HTTP rules of those that speak gRPC alone, from the protos that their types are made of.
LOGGING, MONITORING, IAM = logging_v2.types, monitoring_v3.types, iam_admin_v1.types
RULES = {
    "logging": [
        ("get", "/v2/{parent=projects/*}/metrics", None, LOGGING.ListLogMetricsRequest),
        ("get", "/v2/{metric_name=projects/*/metrics/*}", None, LOGGING.GetLogMetricRequest),
        ("post", "/v2/{parent=projects/*}/metrics", "metric", LOGGING.CreateLogMetricRequest),
        ("put", "/v2/{metric_name=projects/*/metrics/*}", "metric", LOGGING.UpdateLogMetricRequest),
        ("delete", "/v2/{metric_name=projects/*/metrics/*}", None, LOGGING.DeleteLogMetricRequest),
    ],
    "monitoring": [
        ("get", "/v3/{name=projects/*}/alertPolicies", None, MONITORING.ListAlertPoliciesRequest),
        ("get", "/v3/{name=projects/*/alertPolicies/*}", None, MONITORING.GetAlertPolicyRequest),
        ("post", "/v3/{name=projects/*}/alertPolicies", "alert_policy", MONITORING.CreateAlertPolicyRequest),
        ("patch", "/v3/{alert_policy.name=projects/*/alertPolicies/*}", "alert_policy", MONITORING.UpdateAlertPolicyRequest),
        ("delete", "/v3/{name=projects/*/alertPolicies/*}", None, MONITORING.DeleteAlertPolicyRequest),
        ("get", "/v3/{name=projects/*}/notificationChannels", None, MONITORING.ListNotificationChannelsRequest),
    ],
    "iam": [
        ("get", "/v1/{name=projects/*}/serviceAccounts", None, IAM.ListServiceAccountsRequest),
        ("get", "/v1/{name=projects/*/serviceAccounts/*}", None, IAM.GetServiceAccountRequest),
        ("post", "/v1/{name=projects/*}/serviceAccounts", "*", IAM.CreateServiceAccountRequest),
        ("delete", "/v1/{name=projects/*/serviceAccounts/*}", None, IAM.DeleteServiceAccountRequest),
        ("get", "/v1/{name=projects/*/roles/*}", None, IAM.GetRoleRequest),
        ("post", "/v1/{parent=projects/*}/roles", "*", IAM.CreateRoleRequest),
        ("patch", "/v1/{name=projects/*/roles/*}", "role", IAM.UpdateRoleRequest),
        ("post", "/v1/{name=projects/*/roles/*}:undelete", "*", IAM.UndeleteRoleRequest),
        ("post", "/v1/{resource=projects/*/serviceAccounts/*}:getIamPolicy", "*", iam_policy_pb2.GetIamPolicyRequest),
        ("post", "/v1/{resource=projects/*/serviceAccounts/*}:setIamPolicy", "*", iam_policy_pb2.SetIamPolicyRequest),
    ],
    "cloudresourcemanager": [
        ("post", "/v1/{resource=projects/*}:getIamPolicy", "*", iam_policy_pb2.GetIamPolicyRequest),
        ("post", "/v1/{resource=projects/*}:setIamPolicy", "*", iam_policy_pb2.SetIamPolicyRequest),
        ("post", "/v1/{resource=projects/*}:testIamPermissions", "*", iam_policy_pb2.TestIamPermissionsRequest),
    ],
    "run": [
        ("get", "/v1/{resource=projects/*/locations/*/services/*}:getIamPolicy", None, iam_policy_pb2.GetIamPolicyRequest),
        ("post", "/v1/{resource=projects/*/locations/*/services/*}:setIamPolicy", "*", iam_policy_pb2.SetIamPolicyRequest),
    ],
}

# These have no client with types of their own.
DISCOVERED = {"bigquery": "v2", "firebase": "v1beta1", "firebasehosting": "v1beta1", "firebaserules": "v1", "identitytoolkit": "v2"}

# Of these there is no published client. Each is an address and nothing else.
NO_TYPE = {
    ("cloudresourcemanager", "GET", r"v1/projects/[^/:]+"),
    ("serviceusage", "POST", r"v1beta1/projects/[^/]+/services/[\w.]+:generateServiceIdentity"),
    ("cloudfunctions", "GET", r"v2/projects/[^/]+/locations/[^/]+/operations/[^/]+"),
    ("eventarc", "GET", r"v1/projects/[^/]+/locations/[^/]+/operations/[^/]+"),
    ("firestore", "GET", r"v1/projects/[^/]+/databases/[^/]+/operations/[^/]+"),
    ("serviceusage", "GET", r"v1/operations/.+"),
    # Where Hosting says to put bytes.
    ("firebasehosting", "POST", r"upload/.+"),
}
# https://cloud.google.com/apis/docs/system-parameters
SYSTEM_PARAMETERS = {"alt", "$alt", "fields", "$fields", "key", "$key", "prettyPrint", "$prettyPrint", "quotaUser", "$.xgafv"}


def rules_of(service):
    """(method, address, body, type) of each method of a client."""
    module = importlib.import_module(f"{service}.transports.rest")
    transport = next(value for name, value in vars(module).items() if name.endswith("RestTransport") and not name.startswith("_"))
    for stub in vars(transport).values():
        if inspect.isclass(stub) and hasattr(stub, "_get_http_options"):
            of = inspect.signature(stub.__call__).parameters["request"].annotation
            for option in stub._get_http_options():
                yield option["method"], option["uri"], option.get("body"), of


def compiled(method, address, body, of):
    """The address as a pattern, and the fields that are parts of it."""
    fields, pattern = [], ""
    for literal, field, template in re.findall(r"([^{]*)(?:\{([\w.]+)(?:=([^}]*))?\})?", address):
        pattern += re.escape(literal)
        if field:
            fields.append(field)
            pattern += group(template or "*")
    return method.upper(), re.compile(pattern + "$"), fields, body, of.pb() if hasattr(of, "pb") else of


def group(template):
    parts = re.split(r"(\*\*|\*)", template)
    return "(" + "".join({"**": ".+", "*": "[^/]+"}.get(part, re.escape(part)) for part in parts) + ")"


def table():
    apis = {*CLIENTS, *RULES}
    rules = {api: [*RULES.get(api, []), *(rule for client in CLIENTS.get(api, []) for rule in rules_of(client))] for api in apis}
    return {api: [compiled(*rule) for rule in of_api] for api, of_api in rules.items()}


def put(into, path, value):
    """Sets a.b.c, in the names that the types have."""
    *above, last = (re.sub(r"(?<!^)([A-Z])", lambda found: "_" + found[1].lower(), name) for name in path.split("."))
    for name in above:
        into = into.setdefault(name, {})
    into[last] = value


def mask_complaints(text, masked):
    mask = field_mask_pb2.FieldMask(paths=[re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), path) for path in text.split(",")])
    return [] if masked is None or mask.IsValidForDescriptor(masked) else [f"its mask names what {masked.name} hasn't: {text}"]


def complaints_about(request, rules):
    path = "/" + request["path"]
    for method, pattern, fields, body, of in rules:
        found = pattern.match(path) if method == request["method"] else None
        if found is not None:
            return of.DESCRIPTOR.full_name, [*parsed(request, dict(zip(fields, found.groups())), body, of)]
    return None, ["no published method has this address"]


def parsed(request, of_path, body, of):
    said = request.get("body")
    message = {}
    if body == "*":
        message.update(said or {})
    elif body is not None:
        message[body] = said or {}
    elif said:
        yield f"has a body, and {of.DESCRIPTOR.name} takes none"
    for field, value in of_path.items():
        put(message, field, value)
    for name, value in request["query"].items():
        if name in SYSTEM_PARAMETERS:
            continue
        if name in ("updateMask", "update_mask"):
            masked = of.DESCRIPTOR.fields_by_name.get(body) if body not in (None, "*") else None
            yield from mask_complaints(value, masked and masked.message_type)
        else:
            # gcloud writes booleans as Python does, and Google takes them so.
            put(message, name, {"true": True, "false": False}.get(value.lower(), value))
    try:
        json_format.ParseDict(message, of(), ignore_unknown_fields=False)
    except json_format.ParseError as error:
        yield str(error)


def main():
    rules = table()
    discovered = {api: Discovered(api, version) for api, version in DISCOVERED.items()}
    complaints, methods, checked = [], set(), 0
    for line in sys.stdin:
        request = json.loads(line)
        api, method, path = request["api"], request["method"], request["path"]
        if any((api, method) == known[:2] and re.fullmatch(known[2], path) for known in NO_TYPE):
            continue
        of_document = discovered.get(api)
        name, found = of_document.complaints_about(request, SYSTEM_PARAMETERS) if of_document else complaints_about(request, rules.get(api, []))
        checked += 1
        methods.add(name)
        complaints += [f"{api} {method} {path}: {complaint}" for complaint in found]
    json.dump({"complaints": complaints, "methods": sorted(methods - {None}), "checked": checked}, sys.stdout)


main()
