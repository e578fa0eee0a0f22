//! What an export creates, in which order and where: read by every exporter, decided by none.

use std::collections::{BTreeMap, BTreeSet};

use super::{Refused, script::takers};
use crate::{
    azure::api_versions,
    design::Design,
    kinds::{
        Kind, ResourceId, Resources, Subject,
        arm::{ArmResource, ArmScope, ArmValue, dependencies},
        setting::Problem,
    },
    text::{Arg, Message, Text, arg, text},
};

/// Where a resource is deployed to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Tenant,
    ManagementGroup(String),
    /// `None`: the one that the deployment runs in.
    Subscription(Option<ResourceId>),
    Group(ResourceId),
}

/// The id of something, still without the spelling of a format.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Id {
    Place(Place),
    /// Something in a place: type and one name per segment of it.
    In(Place, String, Vec<ArmValue>),
    /// An extension of something else, such as a role assignment.
    On(Box<Id>, String, Vec<ArmValue>),
}

/// All resources of an export, each after those that it needs.
pub(super) struct Plan<'a> {
    pub all: &'a Resources,
    pub items: Vec<ArmResource>,
    /// For each item the positions of those that it needs.
    pub before: Vec<Vec<usize>>,
    /// For each item the position of the nearest one that it stands in by its name.
    pub parents: Vec<Option<usize>>,
    /// For each item the position of the one that takes it along when it is deleted.
    pub takers: Vec<Option<usize>>,
    first: BTreeMap<ResourceId, usize>,
    /// The subscription that the deployment runs in, if the design says.
    pub home: Option<ResourceId>,
}

pub(super) fn plan(design: &Design) -> Result<Plan<'_>, Refused> {
    let all = &design.resources;
    let mut refused = Vec::new();
    for subject in all.real() {
        let own = subject.problems().into_iter().chain(tag_problems(subject));
        refused.extend(own.map(|it| refusal(subject, it)));
    }
    if !refused.is_empty() {
        return Err(Refused(refused));
    }

    let lowered: Vec<ArmResource> = all.subjects().flat_map(|it| (it.info().arm)(it)).collect();
    let needs = dependencies(&lowered);
    let order = sorted(&needs).map_err(|circle| {
        let names: Vec<&str> = circle
            .iter()
            .filter_map(|n| all.get(lowered.get(*n)?.from))
            .map(|it| it.name.as_str())
            .collect();
        Refused(vec![
            text(
                "these need each other, so none of them can be created first: {0}; remove one of the references",
                "互いに参照し合っているため、どれも先に作成できません: {0}。参照を 1 つ外してください",
            )
            .with([arg(names.join(", "))]),
        ])
    })?;

    let mut at = vec![0; order.len()];
    for (new, old) in order.iter().enumerate() {
        if let Some(slot) = at.get_mut(*old) {
            *slot = new;
        }
    }
    let moved = |old: &usize| at.get(*old).copied();
    let before: Vec<Vec<usize>> = order
        .iter()
        .map(|old| {
            let mut it: Vec<usize> =
                needs.get(*old).into_iter().flatten().filter_map(moved).collect();
            it.sort_unstable();
            it
        })
        .collect();
    let mut first = BTreeMap::new();
    for (old, it) in lowered.iter().enumerate() {
        if let Some(new) = moved(&old) {
            first.entry(it.from).or_insert(new);
        }
    }
    let mut slots: Vec<Option<ArmResource>> = lowered.into_iter().map(Some).collect();
    let items: Vec<ArmResource> =
        order.iter().filter_map(|old| slots.get_mut(*old)?.take()).collect();
    let parents = parents(&items);
    let takers = takers(&items, &parents, &first);
    let home = home(all);
    let plan = Plan { all, items, before, parents, takers, first, home };
    let refused = plan.problems();
    if refused.is_empty() { Ok(plan) } else { Err(Refused(refused)) }
}

/// For each resource the nearest one before it that its name and type begin with.
fn parents(items: &[ArmResource]) -> Vec<Option<usize>> {
    let key = |it: &ArmResource, arm_type: &str, names: usize| {
        format!("{:?} {arm_type} {:?}", it.scope, it.name.get(..names))
    };
    let mut places = BTreeMap::new();
    items
        .iter()
        .enumerate()
        .map(|(n, it)| {
            places.insert(key(it, it.arm_type, it.name.len()), n);
            let mut parent = None;
            let mut arm_type = it.arm_type;
            for names in (1..it.name.len()).rev() {
                arm_type = arm_type.rsplit_once('/').map_or("", |(outer, _)| outer);
                parent = parent.or_else(|| places.get(&key(it, arm_type, names)).copied());
            }
            parent
        })
        .collect()
}

/// The subscription that templates are deployed to: the one that most of the design stands in.
fn home(all: &Resources) -> Option<ResourceId> {
    let mut sizes: BTreeMap<ResourceId, usize> = BTreeMap::new();
    for it in all.real() {
        if let Some(subscription) = it.within(Kind::Subscription) {
            *sizes.entry(subscription.id).or_default() += 1;
        }
    }
    sizes.into_iter().max_by_key(|&(id, size)| (size, std::cmp::Reverse(id))).map(|(id, _)| id)
}

/// Positions in an order in which each comes after what it needs; the earliest first where there is
/// a choice. The error is a circle.
fn sorted(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut open: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut needed_by: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (n, before) in needs.iter().enumerate() {
        for it in before {
            needed_by.entry(*it).or_default().push(n);
        }
    }
    let mut ready: BTreeSet<usize> =
        open.iter().enumerate().filter(|(_, left)| **left == 0).map(|(n, _)| n).collect();
    let mut order = Vec::new();
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for it in needed_by.get(&next).into_iter().flatten() {
            if let Some(left) = open.get_mut(*it) {
                *left -= 1;
                if *left == 0 {
                    ready.insert(*it);
                }
            }
        }
    }
    if order.len() == needs.len() {
        return Ok(order);
    }
    // What is left needs something that is left; following that ends in a circle.
    let left: BTreeSet<usize> = (0..needs.len()).filter(|n| !order.contains(n)).collect();
    let mut path: Vec<usize> = left.first().copied().into_iter().collect();
    loop {
        let next = path
            .last()
            .and_then(|n| needs.get(*n))
            .and_then(|it| it.iter().find(|n| left.contains(n)).copied());
        match next {
            None => return Err(path),
            Some(next) => {
                if let Some(start) = path.iter().position(|n| *n == next) {
                    return Err(path.split_off(start));
                }
                path.push(next);
            }
        }
    }
}

/// ARM's limits for tags: "512 characters for the name, 256 for the value", without `<>%&\?/`
/// (azure-resource-manager/management/tag-resources).
fn tag_problems(subject: Subject<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    if subject.resource.tags.len() > 50 {
        problems.push(Problem::new(
            "tags",
            text("a resource takes at most 50 tags", "タグは 1 つのリソースに 50 個までです"),
        ));
    }
    for (name, value) in &subject.resource.tags {
        let mut problem = |text: Text| {
            problems.push(Problem { field: format!("tags.{name}"), text: text.into() });
        };
        let length = name.encode_utf16().count();
        if length == 0 || length > 512 || name.contains(['<', '>', '%', '&', '\\', '?', '/']) {
            problem(text(
                "a tag's name has 1 to 512 characters and none of < > % & \\ ? /",
                "タグ名は 1 から 512 文字で、< > % & \\ ? / を使えません",
            ));
        }
        if name.chars().any(char::is_control) || value.chars().any(char::is_control) {
            problem(text(
                "a tag takes no control characters or line breaks; remove them",
                "タグに制御文字や改行は使えません。削除してください",
            ));
        }
        if value.encode_utf16().count() > 256 {
            problem(text(
                "a tag's value has at most 256 characters",
                "タグの値は 256 文字までです",
            ));
        }
        if !seen.insert(name.to_lowercase()) {
            problem(text(
                "another tag has this name; upper and lower case count as the same",
                "同じ名前のタグがあります。大文字と小文字は区別されません",
            ));
        }
    }
    problems
}

/// A problem with the resource and the field it is about.
pub(super) fn refusal(subject: Subject<'_>, problem: Problem) -> Message {
    text("{0} {1}, {2}: {3}", "{0} {1} の {2}: {3}").with([
        subject.info().label.into(),
        arg(subject.name()),
        arg(problem.field),
        Arg::Message(Box::new(problem.text)),
    ])
}

impl Plan<'_> {
    /// What only shows when all is put together.
    fn problems(&self) -> Vec<Message> {
        let mut refused = Vec::new();
        let mut seen = BTreeMap::new();
        for it in &self.items {
            let Some(subject) = self.all.subject(it.from) else { continue };
            let mut problem = |field: &str, text: Message| {
                refused.push(refusal(subject, Problem { field: field.to_owned(), text }));
            };
            let names: Vec<String> =
                it.name.iter().map(|it| format!("{it:?}").to_lowercase()).collect();
            let key = (self.place(it.scope), on(it.scope), it.arm_type, names);
            if seen.insert(key, it.from).is_some_and(|other| other != it.from) {
                // A firewall and a bastion host of one name would both make `hub-ip`.
                let made = it.name.iter().filter_map(|it| match it {
                    ArmValue::Text(it) => Some(it.as_str()),
                    _ => None,
                });
                let made: Vec<&str> = made.collect();
                problem(
                    "name",
                    text(
                        "it creates {0} {1}, and so does another resource in the same place; rename one of the two",
                        "{0} {1} を作成しますが、同じ場所にある別のリソースも同じものを作成します。どちらかの名前を変更してください",
                    )
                    .with([arg(it.arm_type), arg(made.join("/"))]),
                );
            }
            let mut ids: Vec<ResourceId> = on(it.scope).into_iter().collect();
            mentioned_by(it, &mut ids);
            ids.sort_unstable();
            ids.dedup();
            for id in ids {
                if self.id_of(id).is_none() {
                    let name = self.all.get(id).map_or("?", |it| it.name.as_str());
                    problem(
                        "references",
                        text(
                            "it refers to {0}, which an export does not create; choose another resource",
                            "{0} を参照していますが、これはエクスポートで作成されません。別のリソースを選択してください",
                        )
                        .with([arg(name)]),
                    );
                }
            }
        }
        refused
    }

    pub(super) fn place(&self, scope: ArmScope) -> Place {
        match scope {
            ArmScope::Tenant => Place::Tenant,
            ArmScope::ManagementGroup(id) => Place::ManagementGroup(self.name_of(id)),
            ArmScope::Subscription(it) => {
                Place::Subscription(it.filter(|it| Some(*it) != self.home))
            }
            ArmScope::ResourceGroup(id) => Place::Group(id),
            ArmScope::On(id) => self.place_of(id),
        }
    }

    /// The place of a resource, or the place that it is.
    fn place_of(&self, id: ResourceId) -> Place {
        match self.all.get(id).map(|it| it.kind) {
            Some(Kind::Subscription) => self.place(ArmScope::Subscription(Some(id))),
            Some(Kind::ResourceGroup) => Place::Group(id),
            Some(Kind::RootScope) => Place::Tenant,
            Some(Kind::ManagementGroup) => Place::ManagementGroup(self.name_of(id)),
            _ => self
                .first
                .get(&id)
                .and_then(|n| self.items.get(*n))
                .map_or(Place::Subscription(None), |it| self.place(it.scope)),
        }
    }

    pub(super) fn name_of(&self, id: ResourceId) -> String {
        self.all.get(id).map(|it| it.name.clone()).unwrap_or_default()
    }

    /// The subscription that a place is in; `None` for the one that the deployment runs in.
    pub(super) fn subscription_of(&self, place: &Place) -> Option<ResourceId> {
        match place {
            Place::Subscription(it) => *it,
            Place::Group(group) => self
                .all
                .subject(*group)
                .and_then(|it| it.within(Kind::Subscription))
                .map(|it| it.id)
                .filter(|it| Some(*it) != self.home),
            Place::Tenant | Place::ManagementGroup(_) => None,
        }
    }

    /// The id of what a resource of the design is in Azure; `None` if an export does not create it.
    pub(super) fn id_of(&self, id: ResourceId) -> Option<Id> {
        match self.all.get(id)?.kind {
            Kind::Subscription | Kind::ResourceGroup | Kind::ManagementGroup | Kind::RootScope => {
                Some(Id::Place(self.place_of(id)))
            }
            _ => self.item_of(id).map(|it| self.id(it)),
        }
    }

    /// The first ARM resource that a resource of the design lowers to.
    pub(super) fn item_of(&self, id: ResourceId) -> Option<&ArmResource> {
        self.items.get(self.position(id)?)
    }

    /// Where that stands in `items`.
    pub(super) fn position(&self, id: ResourceId) -> Option<usize> {
        self.first.get(&id).copied()
    }

    pub(super) fn id(&self, it: &ArmResource) -> Id {
        let arm_type = it.arm_type.to_owned();
        match it.scope {
            // In such a place the resource is deployed as it is; elsewhere it extends another.
            ArmScope::On(id) => match self.id_of(id) {
                Some(Id::Place(place)) => Id::In(place, arm_type, it.name.clone()),
                Some(target) => Id::On(Box::new(target), arm_type, it.name.clone()),
                None => Id::In(self.place(it.scope), arm_type, it.name.clone()),
            },
            scope => Id::In(self.place(scope), arm_type, it.name.clone()),
        }
    }
}

/// Every resource of the design that one of the export names.
pub(super) fn mentioned_by(it: &ArmResource, all: &mut Vec<ResourceId>) {
    mentioned(&it.properties, all);
    it.members.iter().for_each(|(_, it)| mentioned(it, all));
    it.name.iter().for_each(|it| mentioned(it, all));
}

/// Every resource of the design that a value names, those included that it does not wait for.
fn mentioned(value: &ArmValue, all: &mut Vec<ResourceId>) {
    match value {
        ArmValue::LooseIdOf(id) => all.push(*id),
        ArmValue::List(items) | ArmValue::Guid(items) => {
            for it in items {
                mentioned(it, all);
            }
        }
        ArmValue::Object(members) => members.iter().for_each(|(_, it)| mentioned(it, all)),
        other => other.references(all),
    }
}

/// What an extension resource stands on.
pub(super) fn on(scope: ArmScope) -> Option<ResourceId> {
    match scope {
        ArmScope::On(id) => Some(id),
        _ => None,
    }
}

/// The API version of a resource: its own, else that of the table.
pub(super) fn api_version(it: &ArmResource) -> &'static str {
    it.api_version.or_else(|| api_versions::of(it.arm_type)).unwrap_or_default()
}

/// Names for values that are asked for: words of what they are, unique, usable in every format.
#[derive(Default)]
pub(super) struct Names {
    /// The name of each label.
    of: BTreeMap<String, String>,
    /// All names in lower case.
    taken: BTreeSet<String>,
    /// For words that several labels have, in lower case, the last number behind them.
    last: BTreeMap<String, usize>,
}

impl Names {
    /// The name for `label`, always the same: `object id of Ana` becomes `objectIdOfAna`.
    pub(super) fn of(&mut self, label: &str) -> String {
        if let Some(name) = self.of.get(label) {
            return name.clone();
        }
        let name = self.another(label);
        self.of.insert(label.to_owned(), name.clone());
        name
    }

    /// A name made of `label` that nothing has yet.
    pub(super) fn another(&mut self, label: &str) -> String {
        let mut name = String::new();
        for word in label.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty())
        {
            let mut letters = word.chars();
            let first = letters.next().map(|it| {
                if name.is_empty() { it.to_ascii_lowercase() } else { it.to_ascii_uppercase() }
            });
            name.extend(first);
            name.extend(letters);
        }
        // Names of people may have no ASCII letter at all, and any length.
        name.truncate(60);
        if !name.starts_with(|it: char| it.is_ascii_alphabetic()) {
            name.insert_str(0, "value");
        }
        let mut unique = name.clone();
        let n = self.last.entry(name.to_ascii_lowercase()).or_insert(1);
        while !self.taken.insert(unique.to_ascii_lowercase()) {
            *n += 1;
            unique = format!("{name}{n}");
        }
        unique
    }
}

/// A name as that of a variable of the environment: `objectIdOfAna` becomes `OBJECT_ID_OF_ANA`.
pub(super) fn variable(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_comes_after_what_it_needs_and_early_ones_first() {
        assert_eq!(sorted(&[vec![2], vec![], vec![]]), Ok(vec![1, 2, 0]));
        assert_eq!(sorted(&[]), Ok(vec![]));
    }

    #[test]
    fn a_circle_is_named_without_what_only_leads_to_it() {
        assert_eq!(sorted(&[vec![1], vec![2], vec![1]]), Err(vec![1, 2]));
    }

    #[test]
    fn names_are_words_and_unique() {
        let mut names = Names::default();
        assert_eq!(names.of("object id of Ana"), "objectIdOfAna");
        assert_eq!(names.of("object id of ana"), "objectIdOfAna2");
        assert_eq!(names.of("object id of Ana"), "objectIdOfAna");
        assert_eq!(names.of("田中"), "value");
        assert_eq!(names.of("1"), "value1");
    }
}
