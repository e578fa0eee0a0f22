//! A resource in the form that every exporter prints: type, name, properties, references.
//!
//! Values keep references to other resources as references, so that a template writes
//! `resourceId(…)`, Bicep a symbolic name and a script a variable. Free text is always
//! [`ArmValue::Text`]: an exporter quotes it for its format and never reads it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Kind, ResourceId, Subject, setting::Shape};

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
    /// First key of a storage account, read when the deployment runs.
    KeyOf(ResourceId),
    /// The tenant that the deployment runs in.
    Tenant,
    /// Id of a built-in role by its GUID.
    RoleDefinition(String),
    /// A GUID that is always the same for the same values (ARM: `guid()`). The values must be known
    /// when a deployment starts: ids, texts and parameters, no principals of managed identities.
    Guid(Vec<ArmValue>),
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

    /// `{"id": …}`, as ARM mostly writes references.
    pub fn reference(id: ResourceId) -> ArmValue {
        ArmValue::object([("id", ArmValue::IdOf(id))])
    }

    /// `{"id": …}` of a sibling with one name.
    pub fn sibling(of: ResourceId, arm_type: &'static str, name: impl Into<String>) -> ArmValue {
        ArmValue::object([("id", ArmValue::SiblingIdOf { of, arm_type, name: vec![name.into()] })])
    }

    /// A list of texts: addresses, prefixes, names.
    pub fn texts<T: ToString>(all: impl IntoIterator<Item = T>) -> ArmValue {
        all.into_iter().map(|it| ArmValue::Text(it.to_string())).collect()
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

    /// Every resource of the design that the value refers to by its first ARM resource.
    pub fn references(&self, all: &mut Vec<ResourceId>) {
        match self {
            ArmValue::IdOf(id)
            | ArmValue::ChildIdOf(id, _)
            | ArmValue::PrincipalOf(id)
            | ArmValue::ClientIdOf(id)
            | ArmValue::KeyOf(id) => all.push(*id),
            ArmValue::IdKeys(ids) => all.extend(ids),
            ArmValue::List(items) | ArmValue::Guid(items) => {
                for it in items {
                    it.references(all);
                }
            }
            ArmValue::Object(members) => members.iter().for_each(|(_, it)| it.references(all)),
            _ => {}
        }
    }

    /// Every sibling that the value refers to.
    pub fn siblings<'a>(&'a self, all: &mut Vec<(ResourceId, &'static str, &'a [String])>) {
        match self {
            ArmValue::SiblingIdOf { of, arm_type, name } => all.push((*of, arm_type, name)),
            ArmValue::List(items) | ArmValue::Guid(items) => {
                for it in items {
                    it.siblings(all);
                }
            }
            ArmValue::Object(members) => members.iter().for_each(|(_, it)| it.siblings(all)),
            _ => {}
        }
    }
}

impl FromIterator<ArmValue> for ArmValue {
    fn from_iter<I: IntoIterator<Item = ArmValue>>(all: I) -> ArmValue {
        ArmValue::List(all.into_iter().collect())
    }
}

/// Where a resource is deployed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArmScope {
    Tenant,
    ManagementGroup(ResourceId),
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
    /// One name per segment of the type: `["vnet", "snet"]`. Texts, but for what is named by a GUID.
    pub name: Vec<ArmValue>,
    pub scope: ArmScope,
    /// Region; `None` for types without one.
    pub location: Option<String>,
    /// Members beside `properties`, such as `sku`, `kind`, `identity`, `zones`.
    pub members: Vec<(&'static str, ArmValue)>,
    pub properties: ArmValue,
    pub tags: Vec<(String, String)>,
    /// What should exist before with all its parts, beyond what the values refer to.
    /// [`dependencies`] leaves out what would close a circle.
    pub after: Vec<ResourceId>,
    /// Ids that nothing of it holds, of siblings that must exist before.
    pub after_siblings: Vec<ArmValue>,
}

impl ArmResource {
    /// The usual case: all settings whose keys are ARM paths go below `properties`, `location` and
    /// tags come from the resource, and it is deployed to the resource group it stands in.
    pub fn of(subject: Subject<'_>, arm_type: &'static str, name: Vec<String>) -> ArmResource {
        ArmResource {
            from: subject.id,
            arm_type,
            api_version: None,
            name: name.into_iter().map(ArmValue::Text).collect(),
            scope: group_scope(subject),
            location: location(subject),
            members: Vec::new(),
            properties: ArmValue::Object(Vec::new()),
            tags: subject.resource.tags.iter().map(|(k, v)| (k.clone(), v.clone())).collect(),
            after: Vec::new(),
            after_siblings: Vec::new(),
        }
    }

    /// For types that have neither region nor tags, as most child resources.
    #[must_use]
    pub fn child(mut self) -> ArmResource {
        self.location = None;
        self.tags.clear();
        self
    }

    /// Comes after a sibling that it does not name.
    #[must_use]
    pub fn after_sibling(
        mut self,
        of: ResourceId,
        arm_type: &'static str,
        name: Vec<String>,
    ) -> ArmResource {
        self.after_siblings.push(ArmValue::SiblingIdOf { of, arm_type, name });
        self
    }

    /// A resource below one that `parent` lowers to: deployed where that is, in its region.
    pub fn below(
        parent: Subject<'_>,
        subject: Subject<'_>,
        arm_type: &'static str,
        name: Vec<String>,
    ) -> ArmResource {
        ArmResource {
            scope: group_scope(parent),
            location: location(parent),
            ..ArmResource::of(subject, arm_type, name)
        }
    }

    /// For types that have no region.
    #[must_use]
    pub fn without_location(self) -> ArmResource {
        ArmResource { location: None, ..self }
    }

    /// For types that take no tags.
    #[must_use]
    pub fn without_tags(self) -> ArmResource {
        ArmResource { tags: Vec::new(), ..self }
    }

    #[must_use]
    pub fn after(mut self, ids: impl IntoIterator<Item = ResourceId>) -> ArmResource {
        self.after.extend(ids);
        self
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

    /// Puts a value below `properties` if there is one.
    #[must_use]
    pub fn with_some(self, path: &str, value: Option<ArmValue>) -> ArmResource {
        match value {
            Some(value) => self.with(path, value),
            None => self,
        }
    }

    /// Puts a text below `properties` unless it is empty.
    #[must_use]
    pub fn with_text(self, path: &str, value: &str) -> ArmResource {
        if value.is_empty() { self } else { self.with(path, ArmValue::text(value)) }
    }

    #[must_use]
    pub fn member(mut self, name: &'static str, value: ArmValue) -> ArmResource {
        self.members.push((name, value));
        self
    }

    /// Puts a value beside `properties` if there is one.
    #[must_use]
    pub fn member_some(self, name: &'static str, value: Option<ArmValue>) -> ArmResource {
        match value {
            Some(value) => self.member(name, value),
            None => self,
        }
    }

    fn values(&self) -> impl Iterator<Item = &ArmValue> {
        self.name
            .iter()
            .chain(self.members.iter().map(|(_, it)| it))
            .chain([&self.properties])
            .chain(&self.after_siblings)
    }

    /// Whether `child` is an ARM child of this: its type and its names go on where these end.
    fn holds(&self, child: &ArmResource) -> bool {
        let below = |it: &str| it.strip_prefix(self.arm_type).is_some_and(|it| it.starts_with('/'));
        below(child.arm_type) && self.scope == child.scope && child.name.starts_with(&self.name)
    }

    fn is_named(&self, name: &[String]) -> bool {
        let same = |(a, b): (&ArmValue, &String)| matches!(a, ArmValue::Text(a) if a == b);
        self.name.len() == name.len() && self.name.iter().zip(name).all(same)
    }
}

/// For each resource, by position, those that must be created before it: its parents, what its
/// values refer to, what it asks to come after. What is not in the list exists already. An `after`
/// that would close a circle is left out, so that only values that refer to each other can make one.
pub fn dependencies(all: &[ArmResource]) -> Vec<Vec<usize>> {
    let mut first: BTreeMap<ResourceId, usize> = BTreeMap::new();
    let mut every: BTreeMap<ResourceId, Vec<usize>> = BTreeMap::new();
    let mut parts: BTreeMap<(ResourceId, &str), Vec<usize>> = BTreeMap::new();
    let mut by_type: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (n, it) in all.iter().enumerate() {
        first.entry(it.from).or_insert(n);
        every.entry(it.from).or_default().push(n);
        parts.entry((it.from, it.arm_type)).or_default().push(n);
        by_type.entry(it.arm_type).or_default().push(n);
    }
    let needed = |(n, it): (usize, &ArmResource)| -> BTreeSet<usize> {
        let mut before = BTreeSet::new();
        let (mut ids, mut siblings) = (Vec::new(), Vec::new());
        for value in it.values() {
            value.references(&mut ids);
            value.siblings(&mut siblings);
        }
        if let ArmScope::On(id) | ArmScope::ResourceGroup(id) = it.scope {
            ids.push(id);
        }
        before.extend(ids.iter().filter_map(|id| first.get(id)).copied());
        for (from, arm_type, name) in siblings {
            let found = parts.get(&(from, arm_type)).into_iter().flatten().copied();
            before.extend(found.filter(|n| all.get(*n).is_some_and(|it| it.is_named(name))));
        }
        let mut outer = it.arm_type;
        while let Some((shorter, _)) = outer.rsplit_once('/') {
            outer = shorter;
            let same_type = by_type.get(outer).into_iter().flatten().copied();
            before.extend(same_type.filter(|n| all.get(*n).is_some_and(|p| p.holds(it))));
        }
        before.remove(&n);
        before
    };
    let mut before: Vec<BTreeSet<usize>> = all.iter().enumerate().map(needed).collect();
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (n, others) in before.iter().enumerate() {
        for other in others {
            behind.get_mut(*other).into_iter().for_each(|it| it.push(n));
        }
    }
    for (n, it) in all.iter().enumerate().filter(|(_, it)| !it.after.is_empty()) {
        let waiting = all_behind(&behind, n);
        let wished = it.after.iter().filter_map(|id| every.get(id)).flatten();
        for other in wished.copied().filter(|other| !waiting.contains(other)) {
            let new = before.get_mut(n).is_some_and(|it| it.insert(other));
            behind.get_mut(other).filter(|_| new).into_iter().for_each(|it| it.push(n));
        }
    }
    before.into_iter().map(|it| it.into_iter().collect()).collect()
}

/// `n` and all that need it, directly or not.
fn all_behind(behind: &[Vec<usize>], n: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::from([n]);
    let mut open = vec![n];
    while let Some(it) = open.pop() {
        let next = behind.get(it).into_iter().flatten().copied();
        open.extend(next.filter(|it| seen.insert(*it)));
    }
    seen
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

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: ResourceId = ResourceId(1);

    fn it(from: u32, arm_type: &'static str, name: &[&str]) -> ArmResource {
        ArmResource {
            from: ResourceId(from),
            arm_type,
            api_version: None,
            name: name.iter().map(|it| ArmValue::text(*it)).collect(),
            scope: ArmScope::ResourceGroup(GROUP),
            location: None,
            members: Vec::new(),
            properties: ArmValue::Null,
            tags: Vec::new(),
            after: Vec::new(),
            after_siblings: Vec::new(),
        }
    }

    #[test]
    fn a_child_comes_after_its_parent_of_the_same_name() {
        let all = [
            it(2, "N/networks/subnets", &["a", "x"]),
            it(3, "N/networks", &["b"]),
            it(4, "N/networks", &["a"]),
        ];
        assert_eq!(dependencies(&all), [vec![2], vec![], vec![]]);
    }

    #[test]
    fn a_machine_comes_after_its_own_interface() {
        let sibling = ArmValue::SiblingIdOf {
            of: ResourceId(2),
            arm_type: "N/interfaces",
            name: vec!["vm-nic".to_owned()],
        };
        let all = [
            it(2, "C/machines", &["vm"]).with("network", ArmValue::List(vec![sibling])),
            it(2, "N/interfaces", &["vm-nic"]),
            it(2, "N/interfaces", &["other"]),
        ];
        assert_eq!(dependencies(&all), [vec![1], vec![], vec![]]);
    }

    #[test]
    fn a_wish_that_closes_a_circle_is_left_out() {
        let mut a = it(2, "N/a", &["a"]);
        a.after.push(ResourceId(3));
        let b = it(3, "N/b", &["b"]).with("a", ArmValue::IdOf(ResourceId(2)));
        assert_eq!(dependencies(&[a, b]), [vec![], vec![0]]);
    }

    #[test]
    fn what_is_not_in_the_list_exists_already() {
        let all = [it(2, "N/a", &["a"]).with("b", ArmValue::IdOf(ResourceId(9)))];
        assert_eq!(dependencies(&all), [Vec::<usize>::new()]);
    }
}
