"""Parses requests by the discovery document of an API, which Google's general client brings, where there is no client with types of its own."""
import json
import re

from googleapiclient.discovery_cache import get_static_doc

PRIMITIVES = {"string": str, "boolean": bool, "integer": int, "number": (int, float)}


class Discovered:
    """One version of one API."""

    def __init__(self, api, version):
        document = json.loads(get_static_doc(api, version))
        self.schemas = document["schemas"]
        self.methods = [*methods_in(document)]

    def complaints_about(self, request, known_parameters):
        """The id of the method, and what it wouldn't take."""
        for method in self.methods:
            if method["httpMethod"] == request["method"] and address_of(method).fullmatch(request["path"]):
                return method["id"], [*self.parsed(request, method, known_parameters)]
        return None, ["no published method has this address"]

    def parsed(self, request, method, known_parameters):
        of_query = {name for name, one in method.get("parameters", {}).items() if one["location"] == "query"}
        for name in request["query"].keys() - of_query - known_parameters:
            yield f"{method['id']} has no parameter {name}"
        said, wanted = request.get("body"), method.get("request")
        if wanted is None and said:
            yield f"has a body, and {method['id']} takes none"
        if wanted is not None:
            # Where something is changed, nothing takes a field away.
            yield from self.of_schema(without_nothing(said or {}) if request["method"] == "PATCH" else said or {}, wanted, wanted["$ref"])

    def of_schema(self, value, schema, path):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        kind = schema["type"]
        if kind == "object":
            if not isinstance(value, dict):
                yield f"{path} is no object"
                return
            properties = schema.get("properties", {})
            for name, each in value.items():
                field = properties.get(name, schema.get("additionalProperties"))
                yield from [f"{path} has no field {name}"] if field is None else self.of_schema(each, field, f"{path}.{name}")
        elif kind == "array":
            for each in value if isinstance(value, list) else [None]:
                yield from self.of_schema(each, schema["items"], path)
        elif not isinstance(value, PRIMITIVES[kind]) or value not in schema.get("enum", [value]):
            yield f"{path} can't be {value!r}"


def without_nothing(value):
    if isinstance(value, list):
        return [without_nothing(each) for each in value]
    return {name: without_nothing(each) for name, each in value.items() if each is not None} if isinstance(value, dict) else value


def methods_in(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods_in(inner)


def address_of(method):
    """A parameter of the path says itself which paths it takes."""
    patterns = {name: one["pattern"].strip("^$") for name, one in method["parameters"].items() if "pattern" in one}
    literals = re.split(r"\{\+?([\w.]+)\}", method["path"])
    return re.compile("".join(patterns[part] if index % 2 else re.escape(part) for index, part in enumerate(literals)))
