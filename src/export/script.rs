//! What scripts share: ids and values in pieces, some of which are known only when the script runs, and
//! what goes first when everything is taken away.

use std::{collections::BTreeMap, fmt::Write};

use super::plan::{Id, Place, Plan};
use crate::kinds::{
    Kind, ResourceId,
    arm::{ArmResource, ArmValue},
    online_deployment::OnlineDeployment,
    setting::Guid,
};

const GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// "This call will overwrite a compute if it exists. This is a nonrecoverable operation"
/// (rest/api/azureml/compute/create-or-update).
pub(super) const COMPUTES: &str = "Microsoft.MachineLearningServices/workspaces/computes";

/// Providers that every subscription has.
pub(super) const BUILT_IN: [&str; 4] =
    ["Microsoft.Resources", "Microsoft.Authorization", "Microsoft.Management", "Microsoft.Billing"];

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Taken as it is, whatever it holds.
    Text(String),
    /// Value of a variable of the script.
    Var(String),
}

impl Part {
    pub(super) fn text(it: impl Into<String>) -> Part {
        Part::Text(it.into())
    }

    pub(super) fn var(it: impl Into<String>) -> Part {
        Part::Var(it.into())
    }
}

/// What a value that is asked for must look like.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    Guid,
    Text,
    Secret,
}

impl Asked {
    pub(super) fn of(label: &str, secret: bool) -> Asked {
        let ids =
            ["object id of ", "client id of ", "id of subscription", "id of the subscription"];
        if secret {
            Asked::Secret
        } else if ids.iter().any(|it| label.starts_with(it)) {
            Asked::Guid
        } else {
            Asked::Text
        }
    }
}

/// How a script gets at what only shows when it runs.
pub(super) trait Values<'a> {
    fn plan(&self) -> &'a Plan<'a>;

    /// A value that the user gives; `json`: spelled as the inside of a JSON string.
    fn asked_value(&mut self, label: &str, secret: bool, json: bool) -> Vec<Part>;

    /// The variable with a value that Azure knows once the resource exists.
    fn fetched(&mut self, label: &str, of: ResourceId, query: &str) -> String;

    /// The variable with the GUID that templates make of the values.
    fn guid(&mut self, values: &[ArmValue]) -> String;

    /// A value that is one text. `encode` spells literal text; `json`: variables with free text are
    /// taken in their JSON spelling.
    fn parts(
        &mut self,
        value: &ArmValue,
        encode: &dyn Fn(&str) -> String,
        json: bool,
    ) -> Vec<Part> {
        let plan = self.plan();
        match value {
            ArmValue::Text(it) => vec![Part::Text(encode(it))],
            ArmValue::Number(it) => vec![Part::Text(it.to_string())],
            ArmValue::Bool(it) => vec![Part::Text(it.to_string())],
            ArmValue::IdOf(id) | ArmValue::LooseIdOf(id) => match plan.id_of(*id) {
                Some(id) => self.id_parts(&id, encode),
                None => Vec::new(),
            },
            ArmValue::ChildIdOf(id, path) => match plan.id_of(*id) {
                Some(id) => {
                    let mut parts = self.id_parts(&id, encode);
                    for (segment, child) in path {
                        parts.push(Part::Text(format!("/{segment}/{}", encode(child))));
                    }
                    parts
                }
                None => Vec::new(),
            },
            ArmValue::SiblingIdOf { of, arm_type, name } => {
                let place = plan
                    .items
                    .iter()
                    .find(|it| it.from == *of && it.arm_type == *arm_type)
                    .map(|it| plan.place(it.scope));
                let name = name.iter().map(ArmValue::text).collect();
                match place {
                    Some(place) => {
                        self.id_parts(&Id::In(place, (*arm_type).to_owned(), name), encode)
                    }
                    None => Vec::new(),
                }
            }
            ArmValue::PrincipalOf(id) => {
                let user_assigned =
                    plan.all.get(*id).is_some_and(|it| it.kind == Kind::UserAssignedIdentity);
                let query =
                    if user_assigned { "properties.principalId" } else { "identity.principalId" };
                vec![Part::Var(self.fetched("principal of", *id, query))]
            }
            ArmValue::ClientIdOf(id) => {
                vec![Part::Var(self.fetched("client of", *id, "properties.clientId"))]
            }
            ArmValue::KeyOf(id) => {
                vec![Part::Var(self.fetched("key of", *id, "keys[0].value"))]
            }
            ArmValue::Tenant => vec![Part::var("tenant")],
            ArmValue::RoleDefinition(guid) => vec![
                Part::text("/subscriptions/"),
                Part::var("subscription"),
                Part::Text(format!(
                    "/providers/Microsoft.Authorization/roleDefinitions/{}",
                    encode(guid)
                )),
            ],
            ArmValue::Guid(values) => vec![Part::Var(self.guid(values))],
            ArmValue::Secret(label) => self.asked_value(label, true, json),
            ArmValue::Parameter(label) => self.asked_value(label, false, json),
            ArmValue::Null | ArmValue::List(_) | ArmValue::Object(_) | ArmValue::IdKeys(_) => {
                Vec::new()
            }
        }
    }

    fn id_parts(&mut self, id: &Id, encode: &dyn Fn(&str) -> String) -> Vec<Part> {
        match id {
            Id::Place(place) => self.place_parts(place, encode),
            Id::In(place, arm_type, name) => {
                let mut parts = match place {
                    // A group is its own place: nothing is between it and its subscription.
                    Place::Subscription(_) if arm_type == GROUPS => {
                        let mut parts = self.place_parts(place, encode);
                        parts.push(Part::text("/resourceGroups/"));
                        parts.extend(
                            name.first()
                                .map(|it| self.parts(it, encode, false))
                                .into_iter()
                                .flatten(),
                        );
                        return parts;
                    }
                    Place::Tenant => Vec::new(),
                    place => self.place_parts(place, encode),
                };
                self.type_parts(arm_type, name, encode, &mut parts);
                parts
            }
            Id::On(target, arm_type, name) => {
                let mut parts = self.id_parts(target, encode);
                self.type_parts(arm_type, name, encode, &mut parts);
                parts
            }
        }
    }

    fn type_parts(
        &mut self,
        arm_type: &str,
        name: &[ArmValue],
        encode: &dyn Fn(&str) -> String,
        parts: &mut Vec<Part>,
    ) {
        let (provider, types) = arm_type.split_once('/').unwrap_or((arm_type, ""));
        parts.push(Part::Text(format!("/providers/{provider}")));
        for (segment, it) in types.split('/').zip(name) {
            parts.push(Part::Text(format!("/{segment}/")));
            parts.extend(self.parts(it, encode, false));
        }
    }

    fn place_parts(&mut self, place: &Place, encode: &dyn Fn(&str) -> String) -> Vec<Part> {
        let plan = self.plan();
        let mut parts = match place {
            Place::Tenant => return vec![Part::text("/")],
            Place::ManagementGroup(name) => {
                return vec![Part::Text(format!(
                    "/providers/Microsoft.Management/managementGroups/{}",
                    encode(name)
                ))];
            }
            Place::Subscription(_) | Place::Group(_) => vec![Part::text("/subscriptions/")],
        };
        let other = plan.subscription_of(place);
        parts.extend(match (other, given_subscription(plan, other)) {
            (None, _) => vec![Part::var("subscription")],
            (Some(_), Some(guid)) => vec![Part::text(guid.as_str())],
            (Some(other), None) => {
                let label = format!("id of subscription {} {}", plan.name_of(other), other.0);
                self.asked_value(&label, false, false)
            }
        });
        if let Place::Group(id) = place {
            parts.push(Part::Text(format!("/resourceGroups/{}", encode(&plan.name_of(*id)))));
        }
        parts
    }
}

/// A deployment behind an endpoint.
pub(super) struct Share {
    pub deployment: ResourceId,
    pub name: String,
    pub percent: u32,
}

/// For each endpoint, the share of its requests that each of its deployments gets. A template cannot say it: the
/// endpoint comes first.
pub(super) fn traffic(plan: &Plan<'_>) -> BTreeMap<ResourceId, Vec<Share>> {
    let mut all: BTreeMap<ResourceId, Vec<Share>> = BTreeMap::new();
    for it in plan.all.of(Kind::OnlineDeployment) {
        let settings = OnlineDeployment::from_settings(&it.resource.settings, &mut Vec::new());
        if let Some(endpoint) = it.parent()
            && plan.item_of(it.id).is_some()
            && plan.item_of(endpoint.id).is_some()
        {
            let percent = settings.traffic.get();
            let share = Share { deployment: it.id, name: it.name().to_owned(), percent };
            all.entry(endpoint.id).or_default().push(share);
        }
    }
    all
}

/// The members of what is sent for a resource, but for its properties.
pub(super) fn members(it: &ArmResource) -> Vec<(String, ArmValue)> {
    let mut all: Vec<(String, ArmValue)> = Vec::new();
    if let Some(location) = &it.location {
        all.push(("location".to_owned(), ArmValue::text(location)));
    }
    if !it.tags.is_empty() {
        let tags = it.tags.iter().map(|(k, v)| (k.clone(), ArmValue::text(v))).collect();
        all.push(("tags".to_owned(), ArmValue::Object(tags)));
    }
    all.extend(it.members.iter().map(|(k, v)| ((*k).to_owned(), v.clone())));
    all
}

/// A resource for the eye: its kind and its name.
pub(super) fn shown_name(plan: &Plan<'_>, it: &ArmResource) -> String {
    let kind = plan.all.get(it.from).map_or("", |it| it.kind.info().label.en);
    let names: Vec<&str> = it
        .name
        .iter()
        .filter_map(|it| match it {
            ArmValue::Text(it) => Some(it.as_str()),
            _ => None,
        })
        .collect();
    let name = if names.is_empty() { plan.name_of(it.from) } else { names.join("/") };
    format!("{kind} {name}")
}

/// The id of a subscription, if the design says it.
pub(super) fn given_subscription(plan: &Plan<'_>, id: Option<ResourceId>) -> Option<Guid> {
    plan.all.subject(id?)?.setting::<Option<Guid>>("subscriptionId").flatten()
}

/// Whether deleting a parent deletes this as well.
pub(super) fn goes_with_its_parent(plan: &Plan<'_>, n: usize) -> bool {
    plan.takers.get(n).is_some_and(Option::is_some)
}

/// For each resource the one that takes it along when it is deleted, if there is one; `first` is where the
/// resources of a design begin. Some parents refuse to go before such children. And some children must not
/// stay until then: what a subnet refers to may have to go before its network, and is in use as long as the
/// subnet is there.
pub(super) fn takers(
    items: &[ArmResource],
    parents: &[Option<usize>],
    first: &BTreeMap<ResourceId, usize>,
) -> Vec<Option<usize>> {
    let blocks = ["/virtualNetworkLinks", "/scopedResources", "/replications"];
    let mut parts: BTreeMap<(ResourceId, &str), Vec<usize>> = BTreeMap::new();
    for (n, it) in items.iter().enumerate() {
        parts.entry((it.from, it.arm_type)).or_default().push(n);
    }
    let mut takers: Vec<Option<usize>> = Vec::new();
    for (it, parent) in items.iter().zip(parents) {
        let taker = parent.filter(|_| !blocks.iter().any(|end| it.arm_type.ends_with(end)));
        let taker = taker.map(|parent| takers.get(parent).copied().flatten().unwrap_or(parent));
        takers.push(taker.filter(|taker| {
            let (mut ids, mut siblings) = (Vec::new(), Vec::new());
            let members = it.members.iter().map(|(_, it)| it);
            for value in members.chain([&it.properties]) {
                value.references(&mut ids);
                value.siblings(&mut siblings);
            }
            let siblings = siblings.iter().filter_map(|(of, arm_type, name)| {
                let names = name.iter().map(ArmValue::text).collect::<Vec<_>>();
                parts
                    .get(&(*of, *arm_type))?
                    .iter()
                    .find(|at| items.get(**at).is_some_and(|it| it.name == names))
            });
            // What this one refers to must still be there when it goes.
            ids.iter()
                .filter_map(|it| first.get(it))
                .chain(siblings)
                .all(|at| *at <= *taker || takers.get(*at).is_some_and(|it| *it == Some(*taker)))
        }));
    }
    takers
}

/// A text as a segment of a URL.
pub(super) fn percent(it: &str) -> String {
    let mut out = String::new();
    for byte in it.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// A text for the eye, in a terminal: one line, ASCII, no control characters.
pub(super) fn shown(it: &str) -> String {
    let mut out = String::new();
    for c in it.chars() {
        match c {
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    out
}
