"""What a template deploys: its resources by id, with every expression worked out.

Only the functions that Drawbridge's templates use; another one is an error.

Azure docs: "ARM template functions" (azure-resource-manager/templates/template-functions).
"""

import re
import uuid

import standin

# The namespace of `guid()`, as Bicep and other readers of templates have it too.
GUIDS = uuid.UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")

DEPLOYMENTS = "Microsoft.Resources/deployments"

TOKEN = re.compile(r"\s*(?:'((?:[^']|'')*)'|(\d+)|([A-Za-z]\w*)|([()\[\],.]))")


class Scope:
    """Where a template is deployed to, and the values of its parameters."""

    def __init__(self, subscription, group, values):
        self.subscription, self.group, self.values = subscription, group, values

    @property
    def id(self):
        if self.subscription is None:
            return ""
        if self.group is None:
            return f"/subscriptions/{self.subscription}"
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"


class Expression:
    """Reads and works out one expression: calls, texts, numbers, members, indexes."""

    def __init__(self, text, scope):
        self.tokens, self.scope = [], scope
        at = 0
        while at < len(text.rstrip()):
            found = TOKEN.match(text, at)
            if not found:
                raise ValueError(f"no expression: {text}")
            self.tokens.append(found)
            at = found.end()
        self.at = 0

    def value(self):
        it = self.term()
        if self.at < len(self.tokens):
            raise ValueError(f"something follows: {self.tokens[self.at].string}")
        return it

    def takes(self, sign):
        found = self.at < len(self.tokens) and self.tokens[self.at][4] == sign
        self.at += found
        return found

    def term(self):
        token = self.tokens[self.at]
        self.at += 1
        if token[1] is not None:
            it = token[1].replace("''", "'")
        elif token[2] is not None:
            it = int(token[2])
        elif token[3] is not None and self.takes("("):
            arguments = []
            while not self.takes(")"):
                arguments.append(self.term())
                self.takes(",")
            it = call(token[3], arguments, self.scope)
        else:
            raise ValueError(f"no value: {token.string}")
        while True:
            if self.takes("."):
                it = it[self.tokens[self.at][3]]
                self.at += 1
            elif self.takes("["):
                it = it[self.term()]
                self.takes("]")
            else:
                return it


def call(name, arguments, scope):
    if name == "parameters":
        return scope.values[arguments[0]]
    if name == "subscription":
        return {"id": f"/subscriptions/{scope.subscription}", "subscriptionId": scope.subscription}
    if name == "resourceGroup":
        return {"id": scope.id, "name": scope.group}
    if name == "tenant":
        return {"tenantId": standin.TENANT}
    if name == "deployment":
        return {"location": "japaneast"}
    if name == "format":
        first, *rest = arguments
        return re.sub(r"\{(\d+)\}", lambda it: str(rest[int(it[1])]), first)
    if name == "guid":
        return str(uuid.uuid5(GUIDS, "-".join(arguments)))
    if name == "resourceId":
        return resource_id(arguments, scope)
    if name == "subscriptionResourceId":
        at = 0 if "/" in arguments[0] else 1
        subscription = arguments[0] if at else scope.subscription
        return f"/subscriptions/{subscription}{provider_path(arguments[at:])}"
    if name == "tenantResourceId":
        return provider_path(arguments)
    if name == "extensionResourceId":
        return arguments[0] + provider_path(arguments[1:])
    if name == "reference":
        return read_later(arguments[0], len(arguments) == 3 and arguments[2].lower() == "full")
    if name in ("true", "false", "null"):
        return {"true": True, "false": False, "null": None}[name]
    if name == "not":
        return not arguments[0]
    if name == "contains":
        return arguments[1] in arguments[0]
    if name == "listKeys":
        return {"keys": [{"value": standin.key_of(arguments[0])}]}
    raise ValueError(f"no function {name}")


def provider_path(words):
    arm_type, *names = words
    provider, *segments = arm_type.split("/")
    if len(segments) != len(names):
        raise ValueError(f"{arm_type} with {names}")
    return "".join([f"/providers/{provider}", *(f"/{s}/{n}" for s, n in zip(segments, names))])


def resource_id(words, scope):
    at = next(n for n, it in enumerate(words) if re.match(r"[A-Za-z]+\.[A-Za-z.]+/", it))
    subscription = words[0] if at == 2 else scope.subscription
    group = words[at - 1] if at else scope.group
    path = provider_path(words[at:])
    return f"/subscriptions/{subscription}/resourceGroups/{group}{path}"


def read_later(resource_id, full):
    """What Azure knows of a resource once it exists."""
    properties = {
        "principalId": standin.principal_of(resource_id),
        "clientId": standin.client_of(resource_id),
    }
    return {"identity": {"principalId": properties["principalId"]}} if full else properties


def worked_out(value, scope):
    if isinstance(value, str):
        if value.startswith("[["):
            return value[1:]
        if value.startswith("[") and value.endswith("]"):
            return Expression(value[1:-1], scope).value()
        return value
    if isinstance(value, list):
        return [worked_out(it, scope) for it in value]
    if isinstance(value, dict):
        return {worked_out(k, scope): worked_out(it, scope) for k, it in value.items()}
    return value


def deployed(template, scope):
    """Every resource, as `Azure.state` tells them."""
    state = {}
    for it in template["resources"]:
        it = {k: v if k == "properties" and it["type"] == DEPLOYMENTS else worked_out(v, scope) for k, v in it.items()}
        if it["type"] == DEPLOYMENTS:
            inner = it["properties"]
            values = {k: worked_out(v["value"], scope) for k, v in inner.get("parameters", {}).items()}
            if it.get("scope") == "/":
                place = Scope(None, None, values)
            elif it["name"].endswith("-traffic"):
                # In the place of the template itself: an endpoint once more, when its deployments are there.
                place = Scope(scope.subscription, scope.group, values)
            else:
                place = Scope(it.get("subscriptionId", scope.subscription), it.get("resourceGroup"), values)
            state.update(deployed(inner["template"], place))
            continue
        if not it.get("condition", True):
            continue
        resource_id = placed(it, scope)
        body = {k: v for k, v in it.items() if k not in ("type", "apiVersion", "name", "comments", "scope", "dependsOn", "condition")}
        name = it["name"].rsplit("/", 1)[-1]
        state[resource_id.lower()] = {"type": it["type"], "name": name, "body": body}
    return state


def placed(it, scope):
    if it["type"].lower() == standin.GROUPS:
        return f"/subscriptions/{scope.subscription}/resourceGroups/{it['name']}"
    on = it.get("scope", scope.id)
    if on and not on.startswith("/"):
        on = f"{scope.id}/providers/{on}"
    return on.rstrip("/") + provider_path([it["type"], *it["name"].split("/")])
