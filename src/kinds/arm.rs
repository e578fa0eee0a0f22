//! A resource in the form that every exporter prints: type, name, properties, references.
//!
//! Values keep references to other resources as references, so that a template writes
//! `resourceId(…)`, Bicep a symbolic name and a script a variable. Free text is always
//! [`ArmValue::Text`]: an exporter quotes it for its format and never reads it.

use super::{ResourceId, Subject, setting::Shape};
use serde_json::Value;

/// A value below `properties`.
#[derive(Clone, Debug, PartialEq)]
pub enum ArmValue {
    Null,
    Bool(bool),
    Number(i64),
    /// Literal text. Hostile until quoted.
    Text(String),
    List(Vec<ArmValue>),
    /// Members in the order they are printed.
    Object(Vec<(String, ArmValue)>),
    /// Id of the first ARM resource that another resource of the design lowers to.
    IdOf(ResourceId),
    /// Id of another ARM resource that the same resource lowers to: a network interface beside its
    /// virtual machine.
    SiblingIdOf {
        of: ResourceId,
        arm_type: &'static str,
        name: Vec<String>,
    },
    /// Id of a resource that need not exist yet: a reference against the order of creation, which
    /// would close a circle (an account's firewall admits the workspace that uses the account).
    LooseIdOf(ResourceId),
    /// Id of something below it that is no resource of the design: `…/agentPools/x`.
    ChildIdOf(ResourceId, Vec<(&'static str, String)>),
    /// An object whose members are named by the ids of these resources and hold `{}`: how ARM
    /// lists user-assigned identities.
    IdKeys(Vec<ResourceId>),
    /// Object id of a resource's system-assigned identity, or of a user-assigned one.
    PrincipalOf(ResourceId),
    /// `clientId` of a user-assigned identity.
    ClientIdOf(ResourceId),
    /// The tenant that the deployment runs in.
    Tenant,
    /// A value that must not stand in the file: becomes a secure parameter. The text says what it
    /// is; an exporter makes the parameter's name of it.
    Secret(String),
    /// A value only the user knows, such as the object id of a person: a parameter likewise.
    Parameter(String),
}

impl ArmValue {
    pub fn text(it: impl Into<String>) -> ArmValue {
        ArmValue::Text(it.into())
    }

    pub fn object<const N: usize>(members: [(&str, ArmValue); N]) -> ArmValue {
        ArmValue::Object(members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
    }

    /// Puts `value` at a dotted path, making the objects on the way.
    pub fn set(&mut self, path: &str, value: ArmValue) {
        if !matches!(self, ArmValue::Object(_)) {
            *self = ArmValue::Object(Vec::new());
        }
        let ArmValue::Object(members) = self else { return };
        let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
        let at = members.iter().position(|(key, _)| key == head).unwrap_or_else(|| {
            members.push((head.to_owned(), ArmValue::Null));
            members.len() - 1
        });
        if let Some((_, slot)) = members.get_mut(at) {
            match rest {
                None => *slot = value,
                Some(rest) => slot.set(rest, value),
            }
        }
    }

    /// Every resource of the design that the value refers to.
    pub fn references(&self, all: &mut Vec<ResourceId>) {
        match self {
            ArmValue::IdOf(id)
            | ArmValue::ChildIdOf(id, _)
            | ArmValue::SiblingIdOf { of: id, .. }
            | ArmValue::PrincipalOf(id)
            | ArmValue::ClientIdOf(id) => all.push(*id),
            ArmValue::IdKeys(ids) => all.extend(ids),
            ArmValue::List(items) => items.iter().for_each(|it| it.references(all)),
            ArmValue::Object(members) => members.iter().for_each(|(_, it)| it.references(all)),
            _ => {}
        }
    }
}

/// Where a resource is deployed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmScope {
    Tenant,
    Subscription(Option<ResourceId>),
    ResourceGroup(ResourceId),
    /// An extension resource, such as a role assignment, on another resource.
    On(ResourceId),
}

/// One resource of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct ArmResource {
    /// The resource of the design that it comes from.
    pub from: ResourceId,
    /// `Microsoft.Network/virtualNetworks/subnets`.
    pub arm_type: &'static str,
    /// For what the version of `crate::azure::api_versions` does not have yet: a preview version.
    pub api_version: Option<&'static str>,
    /// One name per segment of the type: `["vnet", "snet"]`.
    pub name: Vec<String>,
    pub scope: ArmScope,
    /// Region; `None` for types without one.
    pub location: Option<String>,
    /// Members beside `properties`, such as `sku`, `kind`, `identity`, `zones`.
    pub members: Vec<(&'static str, ArmValue)>,
    pub properties: ArmValue,
    pub tags: Vec<(String, String)>,
    /// What should exist before, beyond what the values refer to. An exporter leaves out what would
    /// close a circle.
    pub after: Vec<ResourceId>,
}

impl ArmResource {
    /// The usual case: all settings whose keys are ARM paths go below `properties`, `location` and
    /// tags come from the resource, and it is deployed to the resource group it stands in.
    pub fn of(subject: Subject<'_>, arm_type: &'static str, name: Vec<String>) -> ArmResource {
        ArmResource {
            from: subject.id,
            arm_type,
            api_version: None,
            name,
            scope: group_scope(subject),
            location: location(subject),
            members: Vec::new(),
            properties: ArmValue::Object(Vec::new()),
            tags: subject.resource.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            after: Vec::new(),
        }
    }

    /// Puts the named settings below `properties`, at their own paths.
    #[must_use]
    pub fn with_settings(mut self, subject: Subject<'_>, keys: &[&str]) -> ArmResource {
        for field in subject.info().fields.iter().filter(|it| keys.contains(&it.key)) {
            let value = lower(&field.shape, &subject.resource.value(field));
            if value != ArmValue::Null {
                self.properties.set(field.key, value);
            }
        }
        self
    }

    #[must_use]
    pub fn with(mut self, path: &str, value: ArmValue) -> ArmResource {
        self.properties.set(path, value);
        self
    }

    #[must_use]
    pub fn member(mut self, name: &'static str, value: ArmValue) -> ArmResource {
        self.members.push((name, value));
        self
    }

    /// What is to be created before it, each once, in order.
    pub fn dependencies(&self) -> Vec<ResourceId> {
        let mut all = self.after.clone();
        self.properties.references(&mut all);
        self.members.iter().for_each(|(_, it)| it.references(&mut all));
        if let ArmScope::On(id) = self.scope {
            all.push(id);
        }
        all.retain(|it| *it != self.from);
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A setting's JSON as an ARM value. Rows and lists keep their members' names.
pub fn lower(shape: &Shape, value: &Value) -> ArmValue {
    match (shape, value) {
        (Shape::Reference, _) => {
            use super::setting::{Ref, Setting};
            Ref::read(value)
                .map_or(ArmValue::Null, |it| ArmValue::object([("id", ArmValue::IdOf(it.0))]))
        }
        (_, Value::Null) => ArmValue::Null,
        (Shape::Optional(inner), _) => lower(inner, value),
        (Shape::List(inner), Value::Array(items)) => {
            ArmValue::List(items.iter().map(|it| lower(inner, it)).collect())
        }
        (Shape::Row(cells), Value::Object(map)) => {
            let mut row = ArmValue::Object(Vec::new());
            for cell in *cells {
                let value = map.get(cell.key).cloned().unwrap_or_else(|| (cell.default)());
                let value = lower(&cell.shape, &value);
                if value != ArmValue::Null {
                    row.set(cell.key, value);
                }
            }
            row
        }
        (_, Value::Bool(it)) => ArmValue::Bool(*it),
        (_, Value::Number(it)) => it.as_i64().map_or(ArmValue::Null, ArmValue::Number),
        (_, Value::String(it)) => ArmValue::Text(it.clone()),
        (_, Value::Array(_) | Value::Object(_)) => ArmValue::Null,
    }
}

fn group_scope(subject: Subject<'_>) -> ArmScope {
    use super::Kind;
    subject.within(Kind::ResourceGroup).map_or_else(
        || ArmScope::Subscription(subject.within(Kind::Subscription).map(|it| it.id)),
        |it| ArmScope::ResourceGroup(it.id),
    )
}

/// The region of a resource: its own `location`, else that of what it stands in.
pub fn location(subject: Subject<'_>) -> Option<String> {
    std::iter::once(subject)
        .chain(subject.ancestors())
        .filter_map(|it| {
            it.setting::<Option<String>>("location")
                .flatten()
                .or_else(|| it.setting::<String>("location"))
        })
        .find(|it| !it.is_empty())
}
