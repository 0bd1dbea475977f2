"""docs/SCHEMA.md and docs/openapi.yaml tell the tree as it is; `make schema` writes both anew."""

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import override
from drf_spectacular.drainage import reset_generator_stats

from config.schemadoc import SCHEMA, document, facts

OPENAPI = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"
METHODS = {"get", "put", "post", "patch", "delete"}


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    """What spectacular makes of the views. A warning is a failure, and so is what OpenAPI's own schema refuses."""
    reset_generator_stats()
    path = tmp_path_factory.mktemp("openapi") / "openapi.yaml"
    with override("en"):
        call_command("spectacular", file=str(path), validate=True, fail_on_warn=True)
    return path.read_text()


@pytest.fixture(scope="module")
def api(printed):
    return yaml.safe_load(printed)


@pytest.mark.django_db
def test_the_schema_document_is_what_schemadoc_prints():
    assert SCHEMA.read_text() == document.written(facts.gather()), "run `make schema`"


def test_the_openapi_document_is_what_spectacular_prints(printed):
    assert OPENAPI.read_text() == printed, "run `make schema`"


def test_the_openapi_document_is_of_version_3_1(api):
    assert api["openapi"].startswith("3.1.")


def test_every_reference_of_the_api_leads_somewhere(api):
    def references(node):
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for child in node.values():
                yield from references(child)
        elif isinstance(node, list):
            for child in node:
                yield from references(child)

    for reference in set(references(api)):
        found = api
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found, reference


def operations(api):
    for path, item in api["paths"].items():
        for method in METHODS & set(item):
            yield path, method, item[method]


def test_every_operation_has_a_name_of_its_own_a_summary_and_a_tag(api):
    names = [operation["operationId"] for _path, _method, operation in operations(api)]
    assert len(names) == len(set(names))
    silent = [f"{m} {p}" for p, m, operation in operations(api) if not (operation.get("summary") and operation["tags"])]
    assert silent == []


def test_every_name_in_a_path_is_described(api):
    for path, method, operation in operations(api):
        named = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        described = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
        assert described == named, f"{method} {path}"


def test_amounts_are_never_numbers(api):
    def numbers(node, path):
        if isinstance(node, dict):
            if node.get("type") == "number":
                yield path
            for name, child in node.items():
                yield from numbers(child, f"{path}/{name}")

    assert list(numbers(api["components"]["schemas"], "")) == []


def test_the_examples_are_json(api):
    assert json.loads(json.dumps(api, default=str))
