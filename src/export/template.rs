//! The language of templates, which JSON templates and Bicep share: functions that give ids and values,
//! what is deployed together, and what must be asked for.
//!
//! Azure docs: "Template functions" (azure-resource-manager/templates/template-functions), "Bicep functions"
//! (azure-resource-manager/bicep/bicep-functions).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Refused,
    plan::{Id, Names, Place, Plan, api_version},
    script::COMPUTES,
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

/// What another deployment of the same template does to a resource besides what the template says.
pub(super) fn again(it: &ArmResource) -> Option<&'static str> {
    match it.arm_type {
        COMPUTES => Some(
            "Deployed again, this overwrites the compute that is there, which cannot be undone: take it out of the template before.",
        ),
        ENDPOINTS => Some(
            "Deployed again, this endpoint sends no requests to its deployments until its traffic is set: az ml online-endpoint update --traffic.",
        ),
        _ => None,
    }
}

/// `f(a, b)`.
pub(super) fn call(function: &str, arguments: &[String]) -> String {
    format!("{function}({})", arguments.join(", "))
}

/// A value that the deployment asks for.
#[derive(Clone)]
pub(super) struct Parameter {
    pub label: String,
    pub secret: bool,
}

pub(super) struct Writer<'a> {
    pub plan: &'a Plan<'a>,
    pub names: Names,
    /// All parameters so far by name.
    pub asked: BTreeMap<String, Parameter>,
    pub dialect: Dialect,
}

/// A nested deployment: part of what goes to a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Stage {
    pub place: Place,
    pub number: usize,
}

impl<'a> Writer<'a> {
    pub(super) fn new(plan: &'a Plan<'a>, names: Names, dialect: Dialect) -> Writer<'a> {
        Writer { plan, names, asked: BTreeMap::new(), dialect }
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
                if user {
                    format!("{}.principalId", self.properties(*id, here))
                } else if let Some(symbol) = self.symbol_of(*id) {
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
        self.asked.insert(name, Parameter { label: label.to_owned(), secret });
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
