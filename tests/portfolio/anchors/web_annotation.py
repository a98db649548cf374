"""The W3C Web Annotation Data Model's MUSTs for what we export, as a JSON Schema.

Each rule names the section of https://www.w3.org/TR/2017/REC-annotation-model-20170223/ that
asks for it. What the model only recommends is not in here, except where it says so.
"""

from typing import Any

from jsonschema import Draft202012Validator

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
# 1.4: an IRI; absolute, as nothing here is relative to a document.
IRI = {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
# 3.3.1 and 4.3.1: an xsd:dateTime with the UTC timezone expressed as "Z".
UTC_MOMENT = {
    "type": "string",
    "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$",
}
NUMBER = r"(\d+(\.\d+)?|\.\d+)"


def one_or_more(schema: dict[str, Any]) -> dict[str, Any]:
    """1.2: several values of one property are an array; one stands by itself or in an array."""
    return {"anyOf": [schema, {"type": "array", "minItems": 1, "items": schema}]}


def typed(name: str) -> dict[str, Any]:
    """1 or more types, of which the class must be one."""
    return {
        "anyOf": [
            {"const": name},
            {"type": "array", "contains": {"const": name}, "items": {"type": "string"}},
        ]
    }


# "1 or more @context values and http://www.w3.org/ns/anno.jsonld must be one of them; if there
# is only one value, then it must be provided as a string."
HAS_CONTEXT = {
    "anyOf": [
        {"const": CONTEXT},
        {"type": "array", "minItems": 2, "contains": {"const": CONTEXT}},
    ]
}


def selector(name: str, required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    """4.2.x: each selector has exactly 1 type, its own class; 4.2.9: it may be refined."""
    return {
        "type": "object",
        "required": ["type", *required],
        "properties": {
            "type": {"const": name},
            "refinedBy": one_or_more({"$ref": "#/$defs/selector"}),
            **properties,
        },
    }


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$ref": "#/$defs/collection",
    "$defs": {
        # 5.1 Annotation Collection
        "collection": {
            "type": "object",
            "required": ["@context", "id", "type"],
            "properties": {
                "@context": HAS_CONTEXT,
                "id": IRI,  # exactly 1 IRI that identifies it
                "type": typed("AnnotationCollection"),
                "label": one_or_more({"type": "string"}),  # the value must be a string
                "total": {"type": "integer", "minimum": 0},  # xsd:nonNegativeInteger
                "first": {"anyOf": [IRI, {"$ref": "#/$defs/page"}]},
            },
            # more than 0 annotations: exactly 1 first page
            "if": {"properties": {"total": {"minimum": 1}}, "required": ["total"]},
            "then": {"required": ["first"]},
        },
        # 5.2 Annotation Page
        "page": {
            "type": "object",
            "required": ["id", "type", "items"],
            "properties": {
                "@context": False,  # embedded: it should not have one
                "id": IRI,
                "type": typed("AnnotationPage"),
                "partOf": {"anyOf": [IRI, {"type": "object", "required": ["id"]}]},
                "items": {
                    "type": "array",
                    "minItems": 1,  # 1 or more annotations
                    "items": {"$ref": "#/$defs/annotation"},
                },
                "next": IRI,
                "startIndex": {"type": "integer", "minimum": 0},
            },
        },
        # 3.1 Annotations
        "annotation": {
            "type": "object",
            "required": ["@context", "id", "type", "target"],  # 1 or more targets
            "properties": {
                "@context": HAS_CONTEXT,
                "id": IRI,
                "type": typed("Annotation"),
                "body": one_or_more({"$ref": "#/$defs/resource"}),
                "target": one_or_more({"$ref": "#/$defs/resource"}),
                "bodyValue": {"type": "string"},  # 3.2.5: a single string
                "created": UTC_MOMENT,  # 3.3.1: at most one
                "generated": UTC_MOMENT,
                "modified": UTC_MOMENT,
                "creator": one_or_more({"$ref": "#/$defs/agent"}),
                "motivation": one_or_more({"$ref": "#/$defs/motivation"}),
                "rights": one_or_more(IRI),  # 3.3.6: the value must be an IRI
                "canonical": IRI,  # 3.3.7: at most one
            },
            # 3.2.5: with a bodyValue there must be no body
            "not": {"required": ["body", "bodyValue"]},
        },
        # 3.2: a body or target: an IRI, or a resource described where it is used
        "resource": {
            "anyOf": [
                IRI,
                {"$ref": "#/$defs/external"},
                {"$ref": "#/$defs/textual"},
                {"$ref": "#/$defs/specific"},
            ]
        },
        # 3.2.1 External Web Resources
        "external": {
            "type": "object",
            "required": ["id"],  # exactly 1 id with the value of the resource's IRI
            "not": {"required": ["source"]},
            "properties": {
                "id": IRI,
                "type": one_or_more({"type": "string"}),
                "format": one_or_more({"type": "string"}),
                "textDirection": {"enum": ["ltr", "rtl", "auto"]},
            },
        },
        # 3.2.4 Embedded Textual Body
        "textual": {
            "type": "object",
            "required": ["type", "value"],  # exactly 1 value
            "properties": {
                "type": typed("TextualBody"),
                "value": {"type": "string"},
                "id": IRI,
                "purpose": one_or_more({"$ref": "#/$defs/motivation"}),
            },
        },
        # 4 Specific Resources
        "specific": {
            "type": "object",
            "required": ["source"],  # exactly 1 source
            "properties": {
                "id": IRI,
                "type": typed("SpecificResource"),
                "source": {"anyOf": [IRI, {"$ref": "#/$defs/external"}]},
                "purpose": one_or_more({"$ref": "#/$defs/motivation"}),
                "selector": one_or_more({"$ref": "#/$defs/selector"}),
                "state": one_or_more({"$ref": "#/$defs/state"}),
            },
        },
        # 3.3.2 Agents: at most 1 IRI
        "agent": {
            "anyOf": [IRI, {"type": "object", "properties": {"id": IRI, "type": {}, "name": {}}}]
        },
        # 3.3.5 Motivation and Purpose: an instance of Motivation, by its name in the context
        "motivation": {
            "enum": [
                *("assessing", "bookmarking", "classifying", "commenting", "describing"),
                *("editing", "highlighting", "identifying", "linking", "moderating"),
                *("questioning", "replying", "tagging"),
            ]
        },
        # 4.2 Selectors
        "selector": {
            "anyOf": [
                {"$ref": "#/$defs/fragment"},
                {"$ref": "#/$defs/quote"},
                {"$ref": "#/$defs/position"},
            ]
        },
        # 4.2.1 Fragment Selector: exactly 1 value; at most 1 conformsTo
        "fragment": selector(
            "FragmentSelector",
            ["value"],
            {"value": {"type": "string", "minLength": 1}, "conformsTo": IRI},
        )
        | {
            "allOf": [
                # The specifications that 4.2.1 lists for these fragments, as far as we use them:
                # Media Fragments URI 1.0, 4.2.1 (npt times) and 4.2.2 (percent regions) …
                {
                    "if": {
                        "properties": {"conformsTo": {"const": "http://www.w3.org/TR/media-frags/"}}
                    },
                    "then": {
                        "properties": {
                            "value": {
                                "pattern": rf"^(t=(npt:)?{NUMBER},{NUMBER}"
                                rf"|xywh=percent:{NUMBER}(,{NUMBER}){{3}})$"
                            }
                        }
                    },
                },
                # … and RFC 3778, section 3, for PDF.
                {
                    "if": {
                        "properties": {"conformsTo": {"const": "http://tools.ietf.org/rfc/rfc3778"}}
                    },
                    "then": {"properties": {"value": {"pattern": r"^page=[1-9]\d*$"}}},
                },
            ]
        },
        # 4.2.4 Text Quote Selector: exactly 1 exact; at most 1 prefix and 1 suffix
        "quote": selector(
            "TextQuoteSelector",
            ["exact"],
            {
                "exact": {"type": "string"},
                "prefix": {"type": "string"},
                "suffix": {"type": "string"},
            },
        ),
        # 4.2.5 Text Position Selector: exactly 1 start and 1 end, both non-negative integers
        "position": selector(
            "TextPositionSelector",
            ["start", "end"],
            {
                "start": {"type": "integer", "minimum": 0},
                "end": {"type": "integer", "minimum": 0},
            },
        ),
        # 4.3.1 Time State
        "state": {
            "type": "object",
            "required": ["type"],
            "properties": {
                "type": {"const": "TimeState"},
                "sourceDate": one_or_more(UTC_MOMENT),
                "sourceDateStart": UTC_MOMENT,
                "sourceDateEnd": UTC_MOMENT,
                "cached": one_or_more(IRI),
            },
            "dependentRequired": {
                "sourceDateStart": ["sourceDateEnd"],
                "sourceDateEnd": ["sourceDateStart"],
            },
            # with a sourceDate there must be no start and end
            "not": {"required": ["sourceDate", "sourceDateStart"]},
        },
    },
}
Draft202012Validator.check_schema(SCHEMA)


def faults(exported: Any) -> list[str]:
    """What the model forbids in it."""
    found = Draft202012Validator(SCHEMA).iter_errors(exported)
    return [f"{error.json_path}: {error.message}" for error in found]
