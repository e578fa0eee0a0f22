//! The language of templates, which JSON templates and Bicep share: functions that give ids and values,
//! what is deployed together, and what must be asked for.
//!
//! Azure docs: "Template functions" (azure-resource-manager/templates/template-functions), "Bicep functions"
//! (azure-resource-manager/bicep/bicep-functions).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    File, Refused,
    plan::{Id, Names, Place, Plan, api_version},
    script::{COMPUTES, traffic},
};
use crate::{
    kinds::{
        Kind, ResourceId,
        arm::{ArmResource, ArmValue},
        setting::Guid,
    },
    text::{arg, text},
};

pub(super) const DEPLOYMENTS: &str = "Microsoft.Resources/deployments";
const ENDPOINTS: &str = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints";
pub(super) const GROUPS: &str = "Microsoft.Resources/resourceGroups";

/// How the language is spelled.
pub(super) enum Dialect {
    Json,
    Bicep(Symbols),
}

/// Names that stand for resources in a Bicep file.
#[derive(Default)]
pub(super) struct Symbols {
    /// For each resource of the plan, the same in every file.
    pub names: Vec<String>,
    /// What the file creates.
    pub part: BTreeSet<usize>,
    /// Those of them that come before the resource being written.
    pub before: BTreeSet<usize>,
    /// Those of them that it has named so far.
    pub named: BTreeSet<usize>,
    /// What the file refers to and other files create.
    pub existing: BTreeSet<usize>,
    /// Modules that files need beside those of stages.
    pub files: Vec<File>,
}

/// What a nested deployment waits for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    Item(usize),
    Stage(Stage),
}

/// The one group that everything stands in, if there is one.
pub(super) fn only_group(plan: &Plan<'_>) -> Option<ResourceId> {
    let mut groups = BTreeSet::new();
    for it in &plan.items {
        match plan.place(it.scope) {
            Place::Group(group) => groups.insert(group),
            // The group itself is made by whoever deploys.
            _ if it.arm_type == GROUPS => groups.insert(it.from),
            _ => return None,
        };
    }
    let group = groups.pop_first()?;
    groups.is_empty().then_some(group)
}

/// The parameter that names what is there already. A template cannot look.
pub(super) const THERE: &str = "alreadyThere";

const THERE_LABEL: &str = "compute and online endpoints that are there already, each as workspace/name; compute then stays as it is, and endpoints go on answering while the rest is deployed";

/// Whether another deployment of the same template would take something away from a resource. "This call will
/// overwrite a compute if it exists. This is a nonrecoverable operation" (rest/api/azureml/compute/create-or-update);
/// an endpoint that is written without its traffic sends no requests to its deployments.
pub(super) fn suffers(it: &ArmResource) -> bool {
    [COMPUTES, ENDPOINTS].contains(&it.arm_type)
}

/// What another deployment of the same template does to a resource besides what the template says.
pub(super) fn again(it: &ArmResource) -> Option<&'static str> {
    match it.arm_type {
        COMPUTES => Some(
            "Overwrites the compute if it is there, which cannot be undone. Named in alreadyThere, it stays as it is.",
        ),
        ENDPOINTS => Some(
            "Sends no requests to deployments until all of them are there. Named in alreadyThere, it goes on until then.",
        ),
        _ => None,
    }
}

/// What is said of the deployment that sends the requests of an endpoint to its deployments.
pub(super) const TRAFFIC: &str =
    "The endpoint once more, with its traffic, which only deployments that are there can get.";

/// The requests of an endpoint.
pub(super) struct Traffic {
    /// Its position in the plan, and those of its deployments.
    pub endpoint: usize,
    pub deployments: Vec<usize>,
    shares: ArmValue,
}

impl Traffic {
    /// The name of the deployment that brings it. Those of stages end with a number.
    pub(super) fn name(number: usize) -> String {
        format!("{number}-traffic")
    }
}

fn all_traffic(plan: &Plan<'_>) -> Vec<Traffic> {
    let of = |(endpoint, shares): (ResourceId, Vec<super::script::Share>)| {
        let deployments = shares.iter().filter_map(|it| plan.position(it.deployment)).collect();
        // One without requests is not named at all.
        let shares = shares.into_iter().filter(|it| it.percent > 0);
        let shares = shares.map(|it| (it.name, ArmValue::Number(it.percent.into()))).collect();
        let endpoint = plan.position(endpoint)?;
        Some(Traffic { endpoint, deployments, shares: ArmValue::Object(shares) })
    };
    traffic(plan).into_iter().filter_map(of).collect()
}

/// `f(a, b)`.
pub(super) fn call(function: &str, arguments: &[String]) -> String {
    format!("{function}({})", arguments.join(", "))
}

/// What a parameter holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    Secret,
    /// A list of names, which may be empty.
    Names,
}

/// A value that the deployment asks for.
#[derive(Clone)]
pub(super) struct Parameter {
    pub label: String,
    pub holds: Holds,
}

pub(super) struct Writer<'a> {
    pub plan: &'a Plan<'a>,
    pub names: Names,
    /// All parameters so far by name.
    pub asked: BTreeMap<String, Parameter>,
    pub dialect: Dialect,
    pub traffic: Vec<Traffic>,
}

/// A nested deployment: part of what goes to a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stage {
    pub place: Place,
    pub number: usize,
}

impl<'a> Writer<'a> {
    /// `names` are those that are taken.
    pub(super) fn new(plan: &'a Plan<'a>, names: Names, dialect: Dialect) -> Writer<'a> {
        Writer { plan, names, asked: BTreeMap::new(), dialect, traffic: all_traffic(plan) }
    }

    /// Under which condition a resource is written: not if somebody says that it is there and it would suffer.
    pub(super) fn unless_there(&mut self, it: &ArmResource) -> Option<String> {
        let text = |it: &ArmValue| match it {
            ArmValue::Text(it) => Some(it.clone()),
            _ => None,
        };
        let name: Vec<String> = it.name.iter().map(text).collect::<Option<_>>()?;
        if !suffers(it) {
            return None;
        }
        let asked = Parameter { label: THERE_LABEL.to_owned(), holds: Holds::Names };
        self.asked.insert(THERE.to_owned(), asked);
        let name = self.quoted(&name.join("/"));
        Some(match self.dialect {
            Dialect::Json => {
                let all = call("parameters", &[self.quoted(THERE)]);
                call("not", &[call("contains", &[all, name])])
            }
            Dialect::Bicep(_) => format!("!{}", call("contains", &[THERE.to_owned(), name])),
        })
    }

    /// The endpoints whose last deployment is in a part: their numbers, from 1.
    pub(super) fn traffic_after(&self, part: &[usize]) -> Vec<usize> {
        let last = |it: &Traffic| it.deployments.iter().max().is_some_and(|it| part.contains(it));
        let all = self.traffic.iter().enumerate().filter(|(_, it)| last(it));
        all.map(|(n, _)| n + 1).collect()
    }

    /// An endpoint with its traffic, and its deployments.
    pub(super) fn with_traffic(&self, number: usize) -> Option<(usize, ArmResource, Vec<usize>)> {
        let it = self.traffic.get(number.checked_sub(1)?)?;
        let mut endpoint = self.plan.items.get(it.endpoint)?.clone();
        endpoint.properties.set("traffic", it.shares.clone());
        Some((it.endpoint, endpoint, it.deployments.clone()))
    }

    /// A text inside an expression.
    pub(super) fn quoted(&self, it: &str) -> String {
        match self.dialect {
            Dialect::Json => format!("'{}'", it.replace('\'', "''")),
            Dialect::Bicep(_) => super::bicep::quoted(it),
        }
    }

    /// What else must be deployed before a part: other deployments, and what the subscription holds itself.
    pub(super) fn needs(
        &self,
        part: &[usize],
        own: Option<&Stage>,
        stages: &BTreeMap<usize, Stage>,
    ) -> BTreeSet<Need> {
        let mut needs = BTreeSet::new();
        for before in part.iter().filter_map(|n| self.plan.before.get(*n)).flatten() {
            match stages.get(before) {
                Some(stage) if Some(stage) == own => {}
                Some(stage) => {
                    needs.insert(Need::Stage(stage.clone()));
                }
                None => {
                    needs.insert(Need::Item(*before));
                }
            }
        }
        // The stages of one place follow each other.
        if let Some(own) = own.filter(|it| it.number > 1) {
            needs.insert(Need::Stage(Stage { number: own.number - 1, ..own.clone() }));
        }
        needs
    }

    /// The name that stands for a resource of the plan here, if one may.
    pub(super) fn symbol(&mut self, n: usize) -> Option<String> {
        let Dialect::Bicep(symbols) = &mut self.dialect else { return None };
        if symbols.part.contains(&n) {
            // What comes later, or is the resource itself, would close a circle.
            if !symbols.before.contains(&n) {
                return None;
            }
            symbols.named.insert(n);
        } else {
            let plain = |it: &ArmResource| it.name.iter().all(|it| matches!(it, ArmValue::Text(_)));
            let item = self.plan.items.get(n).filter(|it| plain(it))?;
            if !matches!(self.plan.id(item), Id::In(..)) {
                return None;
            }
            symbols.existing.insert(n);
        }
        symbols.names.get(n).cloned()
    }

    fn symbol_of(&mut self, id: ResourceId) -> Option<String> {
        // A group is a place as well: its id needs no name.
        match self.plan.id_of(id)? {
            Id::Place(_) => None,
            _ => self.symbol(self.plan.position(id)?),
        }
    }

    /// A subscription template reaches groups, other subscriptions and the tenant, not what a
    /// management group holds besides assignments.
    pub(super) fn refuse_unreachable(&self) -> Result<(), Refused> {
        let refused: Vec<_> = self
            .plan
            .items
            .iter()
            .filter(|it| matches!(self.plan.id(it), Id::In(Place::ManagementGroup(_), ..)))
            .filter(|it| !it.arm_type.starts_with("Microsoft.Authorization/"))
            .map(|it| {
                text(
                    "{0} stands in a management group, where a template for a subscription cannot create it; move it into a subscription",
                    "{0} は管理グループの中にあり、サブスクリプション用のテンプレートでは作成できません。サブスクリプションの中に移動してください",
                )
                .with([arg(self.plan.name_of(it.from))])
            })
            .collect();
        if refused.is_empty() { Ok(()) } else { Err(Refused(refused)) }
    }

    /// Which nested deployment each resource belongs to; none for those of the subscription itself.
    ///
    /// A resource comes in a later stage than what it needs from elsewhere, so that deployments
    /// never need each other in a circle.
    pub(super) fn stages(&self) -> BTreeMap<usize, Stage> {
        let mut levels: Vec<usize> = Vec::new();
        let mut places: Vec<Option<Place>> = Vec::new();
        for (n, it) in self.plan.items.iter().enumerate() {
            let place = self.plan.place(it.scope);
            let place = (place != Place::Subscription(None)).then_some(place);
            let level = self
                .plan
                .before
                .get(n)
                .into_iter()
                .flatten()
                .map(|before| {
                    let level = levels.get(*before).copied().unwrap_or(0);
                    let same = place.is_some() && places.get(*before) == Some(&place);
                    if same { level } else { level + 1 }
                })
                .max()
                .unwrap_or(0);
            levels.push(level);
            places.push(place);
        }
        let mut used: BTreeMap<&Place, BTreeSet<usize>> = BTreeMap::new();
        for (place, level) in places.iter().zip(&levels) {
            if let Some(place) = place {
                used.entry(place).or_default().insert(*level);
            }
        }
        places
            .iter()
            .zip(&levels)
            .enumerate()
            .filter_map(|(n, (place, level))| {
                let place = place.as_ref()?;
                let number = used.get(place)?.iter().position(|it| it == level)? + 1;
                Some((n, Stage { place: place.clone(), number }))
            })
            .collect()
    }

    /// At most 64 letters, digits, `-`, `_`, `.`, `(`, `)`.
    pub(super) fn stage_name(&self, stage: &Stage) -> String {
        let place = match &stage.place {
            Place::Group(group) => self.plan.name_of(*group),
            Place::Subscription(id) => {
                format!("subscription-{}", id.map_or(0, |it| it.0))
            }
            Place::Tenant => "tenant".to_owned(),
            Place::ManagementGroup(name) => format!("management-group-{name}"),
        };
        let place: String = place.chars().take(56).collect();
        format!("{place}-{}", stage.number)
    }

    /// A value inside an expression.
    pub(super) fn expr(&mut self, value: &ArmValue, here: &Place) -> String {
        match value {
            ArmValue::IdOf(id) => match self.symbol_of(*id) {
                Some(symbol) => format!("{symbol}.id"),
                None => self.design_id(*id, here),
            },
            ArmValue::LooseIdOf(id) => self.design_id(*id, here),
            ArmValue::ChildIdOf(id, path) => {
                let Some(Id::In(place, mut arm_type, mut name)) = self.plan.id_of(*id) else {
                    return self.quoted("");
                };
                for (segment, child) in path {
                    arm_type.push('/');
                    arm_type.push_str(segment);
                    name.push(ArmValue::text(child));
                }
                self.id(&Id::In(place, arm_type, name), here)
            }
            ArmValue::SiblingIdOf { of, arm_type, name } => {
                let name: Vec<ArmValue> = name.iter().map(ArmValue::text).collect();
                let same = |it: &&ArmResource| it.from == *of && it.arm_type == *arm_type;
                let exact = self.plan.items.iter().position(|it| same(&it) && it.name == name);
                if let Some(symbol) = exact.and_then(|n| self.symbol(n)) {
                    return format!("{symbol}.id");
                }
                let place = self
                    .plan
                    .items
                    .iter()
                    .find(same)
                    .map_or(here.clone(), |it| self.plan.place(it.scope));
                self.id(&Id::In(place, (*arm_type).to_owned(), name), here)
            }
            ArmValue::PrincipalOf(id) => {
                let user =
                    self.plan.all.get(*id).is_some_and(|it| it.kind == Kind::UserAssignedIdentity);
                // A symbol stands for nothing where its condition is not met.
                let sure = !self.plan.item_of(*id).is_some_and(suffers);
                if user {
                    format!("{}.principalId", self.properties(*id, here))
                } else if let Some(symbol) = sure.then(|| self.symbol_of(*id)).flatten() {
                    format!("{symbol}.identity.principalId")
                } else {
                    let full = [self.design_id(*id, here), self.version(*id), self.quoted("Full")];
                    format!("{}.identity.principalId", call("reference", &full))
                }
            }
            ArmValue::ClientIdOf(id) => format!("{}.clientId", self.properties(*id, here)),
            ArmValue::KeyOf(id) => {
                let keys = match self.symbol_of(*id) {
                    Some(symbol) => format!("{symbol}.listKeys()"),
                    None => call("listKeys", &[self.design_id(*id, here), self.version(*id)]),
                };
                format!("{keys}.keys[0].value")
            }
            ArmValue::Tenant => "tenant().tenantId".to_owned(),
            ArmValue::RoleDefinition(guid) => {
                let function = match here {
                    Place::Group(_) | Place::Subscription(_) => "subscriptionResourceId",
                    Place::Tenant | Place::ManagementGroup(_) => "tenantResourceId",
                };
                let definitions = self.quoted("Microsoft.Authorization/roleDefinitions");
                call(function, &[definitions, self.quoted(guid)])
            }
            ArmValue::Guid(values) => {
                let values: Vec<String> = values.iter().map(|it| self.expr(it, here)).collect();
                call("guid", &values)
            }
            ArmValue::Secret(label) => self.parameter(label, true),
            ArmValue::Parameter(label) => self.parameter(label, false),
            ArmValue::Text(it) => self.quoted(it),
            ArmValue::Number(it) => it.to_string(),
            ArmValue::Bool(it) => self.constant(if *it { "true" } else { "false" }),
            ArmValue::Null => self.constant("null"),
            // No name or id is made of these.
            ArmValue::List(_) | ArmValue::Object(_) | ArmValue::IdKeys(_) => self.quoted(""),
        }
    }

    /// What a resource holds when it is there.
    fn properties(&mut self, id: ResourceId, here: &Place) -> String {
        match self.symbol_of(id) {
            Some(symbol) => format!("{symbol}.properties"),
            None => call("reference", &[self.design_id(id, here), self.version(id)]),
        }
    }

    /// `true`, `false` or `null`.
    fn constant(&self, name: &str) -> String {
        match self.dialect {
            Dialect::Json => format!("{name}()"),
            Dialect::Bicep(_) => name.to_owned(),
        }
    }

    pub(super) fn version(&self, id: ResourceId) -> String {
        self.quoted(self.plan.item_of(id).map_or("", api_version))
    }

    pub(super) fn parameter(&mut self, label: &str, secret: bool) -> String {
        let name = self.names.of(label);
        let call = match self.dialect {
            Dialect::Json => call("parameters", &[self.quoted(&name)]),
            Dialect::Bicep(_) => name.clone(),
        };
        let holds = if secret { Holds::Secret } else { Holds::Text };
        self.asked.insert(name, Parameter { label: label.to_owned(), holds });
        call
    }

    pub(super) fn design_id(&mut self, id: ResourceId, here: &Place) -> String {
        match self.plan.id_of(id) {
            Some(id) => self.id(&id, here),
            // The plan has refused such designs.
            None => self.quoted(""),
        }
    }

    pub(super) fn id(&mut self, id: &Id, here: &Place) -> String {
        match id {
            Id::Place(place) => self.place_id(place, here),
            Id::On(target, arm_type, name) => {
                let mut arguments = vec![self.id(target, here), self.quoted(arm_type)];
                arguments.extend(name.iter().map(|it| self.expr(it, here)));
                call("extensionResourceId", &arguments)
            }
            Id::In(place, arm_type, name) => {
                let mut arguments = vec![self.quoted(arm_type)];
                arguments.extend(name.iter().map(|it| self.expr(it, here)));
                let subscription = self.plan.subscription_of(place);
                let elsewhere = subscription != self.plan.subscription_of(here);
                match place {
                    Place::Group(_) if place == here => call("resourceId", &arguments),
                    // Only templates of groups know `resourceId` for sure.
                    Place::Group(group) if matches!(here, Place::Group(_)) => {
                        arguments.insert(0, self.quoted(&self.plan.name_of(*group)));
                        if elsewhere {
                            arguments.insert(0, self.subscription_in(subscription));
                        }
                        call("resourceId", &arguments)
                    }
                    Place::Group(_) | Place::ManagementGroup(_) => {
                        arguments.insert(0, self.place_id(place, here));
                        call("extensionResourceId", &arguments)
                    }
                    Place::Subscription(_) => {
                        if elsewhere || matches!(here, Place::Tenant | Place::ManagementGroup(_)) {
                            arguments.insert(0, self.subscription_in(subscription));
                        }
                        call("subscriptionResourceId", &arguments)
                    }
                    Place::Tenant => call("tenantResourceId", &arguments),
                }
            }
        }
    }

    pub(super) fn place_id(&mut self, place: &Place, here: &Place) -> String {
        let subscription = self.plan.subscription_of(place);
        let elsewhere = subscription != self.plan.subscription_of(here)
            || matches!(here, Place::Tenant | Place::ManagementGroup(_));
        match place {
            Place::Group(_) if place == here => "resourceGroup().id".to_owned(),
            Place::Group(group) => {
                let subscription = if elsewhere {
                    self.subscription_in(subscription)
                } else {
                    "subscription().subscriptionId".to_owned()
                };
                let group = self.quoted(&self.plan.name_of(*group));
                call(
                    "format",
                    &[self.quoted("/subscriptions/{0}/resourceGroups/{1}"), subscription, group],
                )
            }
            Place::Subscription(_) if elsewhere => {
                let id = self.subscription_in(subscription);
                call("format", &[self.quoted("/subscriptions/{0}"), id])
            }
            Place::Subscription(_) => "subscription().id".to_owned(),
            Place::ManagementGroup(name) => call(
                "tenantResourceId",
                &[self.quoted("Microsoft.Management/managementGroups"), self.quoted(name)],
            ),
            Place::Tenant => self.quoted("/"),
        }
    }

    /// GUID of a subscription from any template; that of the deployment itself is a parameter where
    /// a template of another one needs it.
    pub(super) fn subscription_in(&mut self, subscription: Option<ResourceId>) -> String {
        match subscription.or(self.plan.home) {
            Some(id) => self.subscription_id(id),
            None => self.parameter("id of the subscription", false),
        }
    }

    pub(super) fn subscription_id(&mut self, id: ResourceId) -> String {
        let given = self
            .plan
            .all
            .subject(id)
            .and_then(|it| it.setting::<Option<Guid>>("subscriptionId"))
            .flatten();
        match given {
            Some(guid) => self.quoted(guid.as_str()),
            None => {
                let label = format!("id of subscription {} {}", self.plan.name_of(id), id.0);
                self.parameter(&label, false)
            }
        }
    }
}
