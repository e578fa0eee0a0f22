"""A stand-in for Azure: it keeps resources in memory, and refuses what Azure refuses.

It knows no defaults and no rules of single properties: those are looked up in Microsoft's schemas
elsewhere. It does know what makes a script fail half way: parents and references that are missing,
resources that are in use, locks, answers that come before the work is done.

Azure docs: "Track asynchronous Azure operations" (azure-resource-manager/management/async-operations),
"Lock your resources" (azure-resource-manager/management/lock-resources).
"""

import base64
import json
import re
import threading
import time
import uuid

TENANT = "d0000000-0000-4000-8000-000000000001"
SUBSCRIPTION = "d0000000-0000-4000-8000-000000000002"
CLIENT = "d0000000-0000-4000-8000-000000000003"
SECRET = "no-secret"

MANAGEMENT = "management.azure.com"
LOGIN = "login.microsoftonline.com"

GROUPS = "microsoft.resources/resourcegroups"
ASSIGNMENTS = "microsoft.authorization/roleassignments"
DEFINITIONS = "microsoft.authorization/roledefinitions"
LOCKS = "microsoft.authorization/locks"
VAULTS = "microsoft.keyvault/vaults"
ACCOUNTS = "microsoft.storage/storageaccounts"
MANAGEMENT_GROUPS = "microsoft.management/managementgroups"

COMPUTES = "microsoft.machinelearningservices/workspaces/computes"

# Providers that somebody has to ask for.
PROVIDERS = [
    "Microsoft.Compute",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.MachineLearningServices",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
    "Microsoft.Storage",
]

# Types whose requests are done when they are answered, in the words of their REST reference.
AT_ONCE = {
    GROUPS,
    ASSIGNMENTS,
    DEFINITIONS,
    LOCKS,
    "microsoft.managedidentity/userassignedidentities",
    "microsoft.storage/storageaccounts/blobservices/containers",
    "microsoft.storage/storageaccounts/fileservices/shares",
    "microsoft.keyvault/vaults/secrets",
    "microsoft.insights/components",
    "microsoft.machinelearningservices/workspaces/datastores",
    "microsoft.machinelearningservices/workspaces/connections",
}

# Parts that come with their parent (`blobServices/default`), or with their first version.
COMES_ALONG = re.compile(r"/(blob|file|queue|table)services/default$|/environments/[^/]+$")

# Parts that a load balancer has in its own body, where their ids name them from inside and outside.
PARTS = re.compile(
    r"(.*/microsoft\.network/loadbalancers/[^/]+)/(frontendipconfigurations|backendaddresspools)/([^/]+)"
)

# What may be named though no resource of a design creates it: assets that people upload, and parts
# of a cluster that exists already.
UPLOADED = re.compile(
    r"/workspaces/[^/]+/(models|codes|environments|data)/|/registries/[^/]+/(models|codes|environments)/"
    r"|/managedclusters/[^/]+/agentpools/"
)

# References that Azure does not follow when it takes them.
UNCHECKED = {(ACCOUNTS, "resourceaccessrules")}

# Deleting these asks nobody who refers to them. Of all other resources the reference must go first:
# "resource is in use" for networks, and nothing but a broken neighbor elsewhere.
REFERENCE_IS_FREE = {
    "microsoft.network/virtualnetworks/virtualnetworkpeerings",
    ASSIGNMENTS,
    DEFINITIONS,
}


def guid_of(*words):
    """The same GUID for the same words, as made up as all of this."""
    return str(uuid.uuid5(uuid.UUID(TENANT), "|".join(words).lower()))


def principal_of(resource_id):
    return guid_of("principal", resource_id)


def client_of(resource_id):
    return guid_of("client", resource_id)


def key_of(resource_id):
    return base64.b64encode(guid_of("key", resource_id).encode()).decode()


def type_of(path):
    """`Microsoft.Network/virtualNetworks/subnets` of an id, `None` of what is none."""
    groups = re.fullmatch(r"/subscriptions/[^/]+/resourcegroups/[^/]+", path, re.IGNORECASE)
    if groups:
        return "Microsoft.Resources/resourceGroups"
    at = path.lower().rfind("/providers/")
    if at < 0:
        return None
    provider, *rest = path[at + len("/providers/") :].split("/")
    return "/".join([provider, *rest[::2]])


def is_instance(path):
    """Whether a path names a resource, and no list and no action."""
    at = path.lower().rfind("/providers/")
    is_group = (type_of(path) or "").lower() == GROUPS
    return is_group or (at >= 0 and len(path[at + len("/providers/") :].split("/")) % 2 == 1)


def parents_of(key):
    """Ids that must exist before this one, the nearest last."""
    parents = []
    group = re.match(r"(/subscriptions/[^/]+/resourcegroups/[^/]+)/", key)
    if group:
        parents.append(group[1])
    at = key.rfind("/providers/")
    target = key[:at]
    if "/providers/" in target:
        parents.append(target)
    segments = key[at:].split("/")
    for end in range(5, len(segments) - 1, 2):
        parents.append(target + "/".join(segments[:end]))
    return parents


def texts(value, path=()):
    """Every text in a value, names of members too, with the members around it."""
    if isinstance(value, str):
        yield value, path
    elif isinstance(value, list):
        for it in value:
            yield from texts(it, path)
    elif isinstance(value, dict):
        for name, it in value.items():
            yield name, path
            yield from texts(it, (*path, name.lower()))


def ids_in(body):
    for text, path in texts(body):
        if re.match(r"/(subscriptions|providers)/", text, re.IGNORECASE):
            yield text, path


def has_part(key, body, wanted):
    """Whether `wanted` is the id of a part that stands in the body of `key`."""
    part = PARTS.fullmatch(wanted)
    if not part or part[1] != key:
        return False
    lists = {name.lower(): it for name, it in body.get("properties", {}).items()}
    return any(it["name"].lower() == part[3] for it in lists.get(part[2], []))


class Refused(Exception):
    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class Resource:
    def __init__(self, resource_id, arm_type, body):
        self.id, self.type, self.body = resource_id, arm_type, body
        # How many more times somebody who looks is told that work is under way.
        self.creating = self.leaving = 0


class Azure:
    def __init__(self, roles, subscriptions, people):
        self.lock = threading.RLock()
        self.resources = {}
        self.roles = {it.lower() for it in roles}
        self.subscriptions = {it.lower() for it in subscriptions}
        self.people = {it.lower() for it in people}
        self.deleted_vaults = []
        self.registered = {it.lower() for it in PROVIDERS} - {"microsoft.machinelearningservices", "microsoft.storage"}
        # Every request: method, path, command, status, and what a PUT changed.
        self.log = []
        # Requests that no rule below is made for.
        self.unknown = []
        # When set: decides which requests are refused, as for somebody without the right.
        self.forbids = lambda request: False

    # --- Requests

    def answer(self, request):
        with self.lock:
            entry = {"method": request.method, "path": request.path, "command": request.command}
            self.log.append(entry)
            try:
                status, body = self.decide(request, entry)
            except Refused as it:
                status, body = it.status, {"error": {"code": it.code, "message": str(it)}}
            except Exception as error:  # A fault of the stand-in must show.
                self.unknown.append(f"{request.method} {request.host}{request.path}: {error!r}")
                status, body = 500, {"error": {"code": "StandIn", "message": repr(error)}}
            entry["status"] = status
            return status, {}, body

    def decide(self, request, entry):
        if request.host == LOGIN:
            return self.sign_in(request)
        if request.host == MANAGEMENT:
            return self.manage(request, entry)
        if request.host == "azcliprod.blob.core.windows.net":
            # Where the client looks for a newer version of itself.
            raise Refused(404, "NotFound", "no newer version")
        return self.no_rule(request)

    def no_rule(self, request):
        what = f"{request.method} {request.host}{request.path}"
        self.unknown.append(f"{what} ({request.command})")
        raise Refused(501, "NoRule", f"no rule for {what}")

    def sign_in(self, request):
        base = f"https://{LOGIN}/{TENANT}"
        if request.path.endswith("/.well-known/openid-configuration"):
            return 200, {
                "issuer": f"{base}/v2.0",
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "jwks_uri": f"{base}/discovery/v2.0/keys",
            }
        if request.path.endswith("/discovery/instance"):
            aliases = [LOGIN, "login.windows.net"]
            network = {"preferred_network": LOGIN, "preferred_cache": LOGIN, "aliases": aliases}
            return 200, {
                "tenant_discovery_endpoint": f"{base}/v2.0/.well-known/openid-configuration",
                "metadata": [network],
            }
        if request.path.endswith("/oauth2/v2.0/token"):
            return 200, {"token_type": "Bearer", "expires_in": 86399, "access_token": token()}
        return self.no_rule(request)

    def manage(self, request, entry):
        method, path = request.method, request.path.rstrip("/")
        if "//" in path:
            return self.no_rule(request)
        low = path.lower()
        if low == "/subscriptions":
            return 200, {"value": [self.subscription(it) for it in sorted(self.subscriptions)]}
        of_one = re.match(r"/subscriptions/([^/]+)", low)
        if of_one and of_one[1] not in self.subscriptions:
            raise Refused(404, "SubscriptionNotFound", f"no subscription {of_one[1]}")
        if self.forbids(request):
            raise Refused(403, "AuthorizationFailed", f"you may not {method} {path}")
        if re.fullmatch(r"/subscriptions/[^/]+/providers", low) and method == "GET":
            # As Azure spells it.
            named = [it.replace("Microsoft.Insights", "microsoft.insights") for it in PROVIDERS]
            return 200, {"value": [self.provider(it) for it in named]}
        registered = re.fullmatch(r"/subscriptions/[^/]+/providers/([^/]+)(/register)?", low)
        if registered:
            if method == "POST":
                self.registered.add(registered[1])
            return 200, self.provider(path.split("/")[4])
        if low.endswith("/checknameavailability"):
            self.refuse_unregistered(type_of(low).split("/")[0])
            wanted = json.loads(request.body)["name"].lower()
            taken = any(key.endswith(f"/{wanted}") for key in self.resources)
            return 200, {"nameAvailable": not taken}
        if low.endswith("/providers/microsoft.keyvault/deletedvaults") and method == "GET":
            return 200, {"value": self.deleted_vaults}
        if low.endswith("/resources") and method == "GET":
            return 200, {"value": self.at_the_top_of(low.removesuffix("/resources"))}
        if low.endswith("/listkeys") and method == "POST":
            account = low.removesuffix("/listkeys")
            self.existing(account)
            return 200, {"keys": [{"keyName": "key1", "value": key_of(account)}]}
        if is_instance(low):
            if method == "GET":
                return 200, self.get(low)
            if method == "PUT":
                if not request.query.get("api-version"):
                    raise Refused(400, "MissingApiVersionParameter", "no api-version")
                by_rest = request.command == "rest"
                return self.put(path, json.loads(request.body), by_rest, entry)
            if method == "DELETE":
                return self.delete(low, request.command == "rest")
        return self.no_rule(request)

    def provider(self, name):
        state = "Registered" if name.lower() in self.registered else "NotRegistered"
        return {"namespace": name, "registrationState": state}

    def subscription(self, guid):
        return {
            "id": f"/subscriptions/{guid}",
            "subscriptionId": guid,
            "tenantId": TENANT,
            "displayName": "For this test",
            "state": "Enabled",
        }

    # --- Resources

    def existing(self, key):
        it = self.resources.get(key)
        if it is None:
            code = "ResourceGroupNotFound" if type_of(key).lower() == GROUPS else "ResourceNotFound"
            raise Refused(404, code, f"{key} was not found")
        return it

    def get(self, key):
        if key.rsplit("/", 2)[-2].endswith("accesspolicies"):
            raise Refused(405, "MethodNotAllowed", "access policies are part of their vault, which tells them")
        group = re.match(r"/subscriptions/[^/]+/resourcegroups/[^/]+", key)
        if group:
            self.existing(group[0])
        self.refuse_unregistered(type_of(key).split("/")[0])
        it = self.existing(key)
        if it.leaving:
            it.leaving -= 1
            if not it.leaving:
                self.remove(key)
            return self.shown(it, "Deleting")
        if it.creating:
            it.creating -= 1
            if it.type.lower() == ACCOUNTS:
                raise Refused(404, "ResourceNotFound", f"{key} is not there yet")
            return self.shown(it, "Creating")
        return self.shown(it, "Succeeded")

    def shown(self, it, state):
        """A resource with what only Azure writes."""
        body = json.loads(json.dumps(it.body))
        body.update(id=it.id, name=it.id.rsplit("/", 1)[1], type=it.type)
        properties = body.setdefault("properties", {})
        if it.type.lower() not in AT_ONCE - {GROUPS}:
            properties["provisioningState"] = state
        identity = body.get("identity")
        if identity and "systemassigned" in identity["type"].lower().replace(" ", ""):
            identity.update(principalId=principal_of(it.id), tenantId=TENANT)
        if it.type.lower() == "microsoft.managedidentity/userassignedidentities":
            properties.update(principalId=principal_of(it.id), clientId=client_of(it.id))
        return body

    def at_the_top_of(self, group):
        self.existing(group)
        tops = [it for it in self.below(group) if it.type.count("/") == 1]
        extensions = (ASSIGNMENTS, LOCKS)
        return [{"id": it.id} for it in tops if it.type.lower() not in extensions]

    def below(self, key):
        return [it for it in self.resources.values() if it.id.lower().startswith(f"{key}/")]

    def put(self, path, body, by_rest, entry):
        key, arm_type = path.lower(), type_of(path)
        for parent in parents_of(key):
            self.must_exist(parent, f"the parent of {path}")
        for text, around in ids_in(body):
            if not any((arm_type.lower(), it) in UNCHECKED for it in around):
                if not has_part(key, body, text.lower()):
                    self.must_exist(text.lower(), f"{path} refers to it")
        self.refuse_unregistered(arm_type.split("/")[0])
        self.refuse_locked(key, ["ReadOnly"])
        if arm_type.lower() == ASSIGNMENTS:
            self.refuse_assignment(key, body)
        old = self.resources.get(key)
        if old and old.leaving:
            raise Refused(409, "Conflict", f"{path} is being deleted")
        if old and arm_type.lower() == COMPUTES:
            raise Refused(409, "Replaced", f"{path} exists; writing it again replaces it")
        entry["changes"] = old is None or old.body != body
        it = Resource(old.id if old else path, arm_type, body)
        self.resources[key] = it
        if old:
            return 200, self.shown(it, "Succeeded")
        # Commands wait until the work is done; after `az rest` that is left to the script.
        if not by_rest or arm_type.lower() in AT_ONCE:
            return 201, self.shown(it, "Succeeded")
        it.creating = 1
        if arm_type.lower() == ACCOUNTS:
            return 202, None
        return 201, self.shown(it, "Creating")

    def must_exist(self, key, why):
        """Refuses an id that nothing stands behind."""
        short = re.fullmatch(r"/subscriptions/([^/]+)", key)
        if short and short[1] in self.subscriptions:
            return
        it = self.resources.get(COMES_ALONG.sub("", key))
        if it and not it.creating and not it.leaving:
            return
        if UPLOADED.search(key):
            return
        part = PARTS.fullmatch(key)
        whole = self.resources.get(part[1]) if part else None
        if whole and not whole.creating and not whole.leaving and has_part(part[1], whole.body, key):
            return
        if type_of(key).lower() == DEFINITIONS and key.rsplit("/", 1)[1] in self.roles:
            return
        if type_of(key).lower() == MANAGEMENT_GROUPS:
            return
        raise Refused(404, "NotFound", f"{key} does not exist; {why}")

    def refuse_unregistered(self, provider):
        needed = provider.lower() in {it.lower() for it in PROVIDERS}
        if needed and provider.lower() not in self.registered:
            raise Refused(409, "MissingSubscriptionRegistration", f"{provider} is not registered")

    def refuse_assignment(self, key, body):
        """A name keeps its role and principal, and a pair of them has one name in a scope."""
        wanted = assignment(body)
        if wanted[0] not in self.people | self.principals():
            raise Refused(400, "PrincipalNotFound", f"no principal {wanted[0]}")
        scope = key.rsplit("/", 1)[0]
        for other, it in self.resources.items():
            if it.type.lower() != ASSIGNMENTS or other.rsplit("/", 1)[0] != scope:
                continue
            if other == key and assignment(it.body) != wanted:
                raise Refused(400, "RoleAssignmentUpdateNotPermitted", "tenant, scope, role and principal stay")
            if other != key and assignment(it.body) == wanted:
                raise Refused(409, "RoleAssignmentExists", "the role assignment already exists")

    def principals(self):
        return {principal_of(it.id) for it in self.resources.values()}

    def refuse_locked(self, key, levels):
        for it in self.resources.values():
            if it.type.lower() != LOCKS or it.body["properties"]["level"] not in levels:
                continue
            scope = it.id.lower().rpartition("/providers/")[0]
            if it.id.lower() != key and (key == scope or key.startswith(f"{scope}/")):
                raise Refused(409, "ScopeLocked", f"{key} is locked by {it.id}")

    def delete(self, key, by_rest):
        it = self.resources.get(key)
        if it is None:
            return 204, None
        self.refuse_locked(key, ["ReadOnly", "CanNotDelete"])
        if it.type.lower() == GROUPS and self.below(key):
            raise Refused(409, "NotOfTheDesign", f"{key} still holds {self.below(key)[0].id}")
        self.refuse_live(key)
        self.refuse_used(key, it)
        if it.type.lower() in AT_ONCE or not by_rest:
            self.remove(key)
            return 200, None
        it.leaving = 1
        return 202, None

    def refuse_live(self, key):
        """A deployment that gets requests goes with its endpoint only."""
        found = re.fullmatch(r"(.*/onlineendpoints/[^/]+)/deployments/([^/]+)", key)
        shares = self.resources[found[1]].body["properties"].get("traffic", {}) if found else {}
        if any(name.lower() == found[2] and share for name, share in shares.items()):
            raise Refused(400, "HasTraffic", f"{key} gets requests")

    def refuse_used(self, key, it):
        links = [child for child in self.below(key) if child.type.lower().endswith("/virtualnetworklinks")]
        if links:
            raise Refused(409, "CannotDeleteResource", f"{key} still has {links[0].id}")
        if it.type.lower() in REFERENCE_IS_FREE:
            return
        for other in self.resources.values():
            at = other.id.lower()
            if at == key or at.startswith(f"{key}/") or other.type.lower() in REFERENCE_IS_FREE:
                continue
            for text, around in ids_in(other.body):
                free = any((other.type.lower(), it) in UNCHECKED for it in around)
                if not free and (text.lower() == key or text.lower().startswith(f"{key}/")):
                    raise Refused(400, "InUse", f"{key} is in use by {other.id}")

    def remove(self, key):
        it = self.resources.pop(key, None)
        for child in self.below(key):
            self.resources.pop(child.id.lower(), None)
        if it and it.type.lower() == VAULTS:
            self.deleted_vaults.append({"name": it.id.rsplit("/", 1)[1], "id": it.id})

    # --- What is there

    def state(self):
        """Everything, by id in lower case: type, name as it is spelt, and what was written."""
        return {
            key: {"type": it.type, "name": it.id.rsplit("/", 1)[1], "body": it.body}
            for key, it in self.resources.items()
        }


def assignment(body):
    it = body["properties"]
    return it["principalId"].lower(), it["roleDefinitionId"].lower().rsplit("/", 1)[1]


def token():
    """What looks like a token to those who only look when it ends."""

    def part(value):
        text = value if isinstance(value, bytes) else json.dumps(value).encode()
        return base64.urlsafe_b64encode(text).rstrip(b"=").decode()

    now = int(time.time())
    claims = {"tid": TENANT, "appid": CLIENT, "oid": CLIENT, "iat": now, "nbf": now, "exp": now + 86400}
    return ".".join([part({"alg": "none", "typ": "JWT"}), part(claims), part(b"unsigned")])
