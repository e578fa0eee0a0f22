//! Two designs side by side: which resources are the same ones, and what they do not have alike.
//!
//! Azure knows a resource by what it stands in, its kind and its name, so these are looked at first. A
//! number tells a renamed resource from a new one, but only between versions of one design: numbers of
//! designs that were drawn apart mean nothing to each other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Design;
use crate::kinds::{
    Kind, ResourceId, Subject,
    setting::{Field, Ref, Setting as _, Shape, join},
};

/// Which resources of two designs are the same one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairs {
    after: BTreeMap<ResourceId, ResourceId>,
    before: BTreeMap<ResourceId, ResourceId>,
}

impl Pairs {
    /// The resource of the later design.
    pub fn after(&self, before: ResourceId) -> Option<ResourceId> {
        self.after.get(&before).copied()
    }

    /// The resource of the earlier design.
    pub fn before(&self, after: ResourceId) -> Option<ResourceId> {
        self.before.get(&after).copied()
    }

    fn add(&mut self, before: ResourceId, after: ResourceId) {
        self.after.insert(before, after);
        self.before.insert(after, before);
    }

    /// At least half of the pairs have one number, as versions of one design do.
    fn share_numbers(&self) -> bool {
        self.after.iter().filter(|(a, b)| a == b).count() * 2 >= self.after.len()
    }
}

/// What two designs do not have alike, each list in the order of numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Of the later design.
    pub added: Vec<ResourceId>,
    /// Of the earlier design.
    pub removed: Vec<ResourceId>,
    pub changed: Vec<Changed>,
    /// Name, description and unknown members of the design itself.
    pub design: Vec<Change>,
    /// How many boxes stand elsewhere or have another size; no verdict depends on it.
    pub redrawn: usize,
    pub pairs: Pairs,
}

impl Changes {
    /// Whether the designs are the same but for where boxes are drawn.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.changed.is_empty()
            && self.design.is_empty()
    }
}

/// A resource that both designs have, but not alike.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub before: ResourceId,
    pub after: ResourceId,
    /// Never empty.
    pub changes: Vec<Change>,
}

/// One value that differs. Resources that a value refers to stand there by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// ARM path of the setting, `securityRules[allow-https].priority`, or a member of the file's record:
    /// `name`, `parent`, `note`, `tags.env`.
    pub field: String,
    /// `None`: the row is not there.
    pub before: Option<Value>,
    pub after: Option<Value>,
}

/// Everything that `after` has otherwise than `before`.
pub fn compare(before: &Design, after: &Design) -> Changes {
    let pairs = pairs(before, after);
    let numbers = |it: &Design| it.resources.0.keys().copied().collect::<Vec<_>>();
    let both = Both { before, after, pairs: &pairs };
    let paired = pairs.after.iter();
    let changed = paired.clone().filter_map(|(a, b)| both.changed(*a, *b)).collect();
    let redrawn = paired.filter(|(a, b)| before.layout.get(a) != after.layout.get(b)).count();
    Changes {
        added: numbers(after).into_iter().filter(|it| pairs.before(*it).is_none()).collect(),
        removed: numbers(before).into_iter().filter(|it| pairs.after(*it).is_none()).collect(),
        changed,
        design: both.title(),
        redrawn,
        pairs,
    }
}

// Which is which ---------------------------------------------------------------------------------

fn pairs(before: &Design, after: &Design) -> Pairs {
    let mut matching = Matching { before, after, pairs: Pairs::default() };
    matching.children_of(vec![(None, None)]);
    // Moved within its design.
    matching.rest(|it| Some((it.id, it.kind(), it.name())));
    // Moved, between designs that were drawn apart; only where the name leaves no doubt.
    matching.rest(|it| Some((it.kind(), it.name())));
    if matching.pairs.share_numbers() {
        // Renamed.
        matching.rest(|it| Some((it.id, it.kind())));
    }
    matching.pairs
}

struct Matching<'a> {
    before: &'a Design,
    after: &'a Design,
    pairs: Pairs,
}

impl<'a> Matching<'a> {
    /// Pairs what stands in paired containers, by kind and name, and so on inside.
    fn children_of(&mut self, mut containers: Vec<(Option<ResourceId>, Option<ResourceId>)>) {
        while let Some((a, b)) = containers.pop() {
            let mut groups: BTreeMap<(Kind, &str), [Vec<Subject<'a>>; 2]> = BTreeMap::new();
            for it in self.before.resources.children(a) {
                if self.pairs.after(it.id).is_none() {
                    groups.entry((it.kind(), it.name())).or_default()[0].push(it);
                }
            }
            for it in self.after.resources.children(b) {
                if self.pairs.before(it.id).is_none() {
                    groups.entry((it.kind(), it.name())).or_default()[1].push(it);
                }
            }
            for [of_before, of_after] in groups.into_values() {
                for (a, b) in self.of_one_name(of_before, of_after) {
                    self.pairs.add(a, b);
                    containers.push((Some(a), Some(b)));
                }
            }
        }
    }

    /// Resources of one kind and name: by number, then by what they say, then one after the other.
    fn of_one_name(
        &self,
        mut of_before: Vec<Subject<'a>>,
        mut of_after: Vec<Subject<'a>>,
    ) -> Vec<(ResourceId, ResourceId)> {
        let mut all = Vec::new();
        let mut take = |same: &dyn Fn(&Subject<'a>, &Subject<'a>) -> bool| {
            of_before.retain(|a| {
                let found = of_after.iter().position(|b| same(a, b));
                if let Some(n) = found {
                    all.push((a.id, of_after.remove(n).id));
                }
                found.is_none()
            });
        };
        take(&|a, b| a.id == b.id);
        let said = |design: &Design, it: &Subject<'_>| -> Vec<Value> {
            let fields = it.info().fields.iter();
            fields
                .map(|field| words(design, name, &field.shape, &it.resource.value(field)))
                .collect()
        };
        take(&|a, b| said(self.before, a) == said(self.after, b));
        take(&|_, _| true);
        all
    }

    /// Pairs resources that are alone with their key on both sides.
    fn rest<K: Ord>(&mut self, key: impl Fn(Subject<'a>) -> Option<K>) {
        let mut groups: BTreeMap<K, [Vec<ResourceId>; 2]> = BTreeMap::new();
        for it in self.before.resources.subjects() {
            if let (None, Some(key)) = (self.pairs.after(it.id), key(it)) {
                groups.entry(key).or_default()[0].push(it.id);
            }
        }
        for it in self.after.resources.subjects() {
            if let (None, Some(key)) = (self.pairs.before(it.id), key(it)) {
                groups.entry(key).or_default()[1].push(it.id);
            }
        }
        let mut containers = Vec::new();
        for [a, b] in groups.into_values() {
            if let ([a], [b]) = (&a[..], &b[..]) {
                self.pairs.add(*a, *b);
                containers.push((Some(*a), Some(*b)));
            }
        }
        self.children_of(containers);
    }
}

// What differs -----------------------------------------------------------------------------------

struct Both<'a> {
    before: &'a Design,
    after: &'a Design,
    pairs: &'a Pairs,
}

/// What differs, before references have names.
struct Found<'s> {
    path: String,
    shape: &'s Shape,
    before: Option<Value>,
    after: Option<Value>,
}

impl<'s> Found<'s> {
    fn new(path: &str, shape: &'s Shape, before: Option<&Value>, after: Option<&Value>) -> Self {
        Found { path: path.to_owned(), shape, before: before.cloned(), after: after.cloned() }
    }
}

impl Both<'_> {
    fn title(&self) -> Vec<Change> {
        let mut all = Vec::new();
        let (a, b) = (self.before, self.after);
        plain(&mut all, "name", &json!(a.name), &json!(b.name));
        plain(&mut all, "description", &json!(a.description), &json!(b.description));
        members(&mut all, "", &a.extra, &b.extra);
        all
    }

    fn changed(&self, a: ResourceId, b: ResourceId) -> Option<Changed> {
        let (x, y) = (self.before.get(a)?, self.after.get(b)?);
        let mut changes = Vec::new();
        plain(&mut changes, "name", &json!(x.name), &json!(y.name));
        if x.parent.map(|it| self.pairs.after(it).ok_or(it)) != y.parent.map(Ok) {
            let name = |design, it| full_name(design, it).map_or(Value::Null, Value::String);
            changes.push(Change {
                field: "parent".to_owned(),
                before: Some(x.parent.map_or(Value::Null, |it| name(self.before, it))),
                after: Some(y.parent.map_or(Value::Null, |it| name(self.after, it))),
            });
        }
        for field in x.kind.info().fields {
            let mut found = Vec::new();
            self.value(field.key, &field.shape, &x.value(field), &y.value(field), &mut found);
            changes.extend(found.into_iter().map(|it| self.told(it)));
        }
        // Settings of a newer version, which this one does not know.
        let known: BTreeSet<&str> = x.kind.info().fields.iter().map(|it| it.key).collect();
        let unknown = |it: &Map<String, Value>| -> Map<String, Value> {
            let rest = it.iter().filter(|it| !known.contains(it.0.as_str()));
            rest.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        members(&mut changes, "", &unknown(&x.settings), &unknown(&y.settings));
        plain(&mut changes, "note", &json!(x.note), &json!(y.note));
        let tags = |it: &BTreeMap<String, String>| -> Map<String, Value> {
            it.iter().map(|(tag, value)| (tag.clone(), json!(value))).collect()
        };
        members(&mut changes, "tags.", &tags(&x.tags), &tags(&y.tags));
        members(&mut changes, "", &x.extra, &y.extra);
        (!changes.is_empty()).then_some(Changed { before: a, after: b, changes })
    }

    /// The differences of a value, as deep as both have the same rows.
    fn value<'s>(
        &self,
        path: &str,
        shape: &'s Shape,
        a: &Value,
        b: &Value,
        all: &mut Vec<Found<'s>>,
    ) {
        if self.same(shape, a, b) {
            return;
        }
        let first = all.len();
        match (shape, a, b) {
            (Shape::Optional(inner), ..) if !a.is_null() && !b.is_null() => {
                self.value(path, inner, a, b, all);
            }
            (Shape::Row(cells), Value::Object(_), Value::Object(_)) => {
                for cell in *cells {
                    let path = join(path, cell.key);
                    self.value(&path, &cell.shape, &cell_value(cell, a), &cell_value(cell, b), all);
                }
            }
            (Shape::List(inner @ Shape::Row(_)), Value::Array(x), Value::Array(y)) => {
                self.rows(path, inner, x, y, all);
            }
            _ => {}
        }
        // Nothing smaller: also the same rows in another order, and members that no cell is made for.
        if all.len() == first {
            all.push(Found::new(path, shape, Some(a), Some(b)));
        }
    }

    /// Rows of a table: the same ones, then those of one name, then those without a name in order.
    fn rows<'s>(
        &self,
        path: &str,
        shape: &'s Shape,
        a: &[Value],
        b: &[Value],
        all: &mut Vec<Found<'s>>,
    ) {
        let mut of_before: Vec<(usize, &Value)> = a.iter().enumerate().collect();
        let mut of_after: Vec<(usize, &Value)> = b.iter().enumerate().collect();
        let mut both = Vec::new();
        let mut take = |same: &dyn Fn(&Value, &Value) -> bool| {
            of_before.retain(|(_, a)| {
                let n = of_after.iter().position(|(_, b)| same(a, b));
                both.extend(n.map(|n| (*a, of_after.remove(n))));
                n.is_none()
            });
        };
        take(&|a, b| self.same(shape, a, b));
        take(&|a, b| row_name(a).is_some() && row_name(a) == row_name(b));
        take(&|a, b| row_name(a).is_none() && row_name(b).is_none());
        let place = |n: usize, it: &Value| {
            row_name(it).map_or_else(|| format!("{path}[{n}]"), |name| format!("{path}[{name}]"))
        };
        both.sort_by_key(|(_, after)| after.0);
        for (a, (n, b)) in both {
            self.value(&place(n, b), shape, a, b, all);
        }
        for (n, it) in of_before {
            all.push(Found::new(&place(n, it), shape, Some(it), None));
        }
        for (n, it) in of_after {
            all.push(Found::new(&place(n, it), shape, None, Some(it)));
        }
    }

    fn same(&self, shape: &Shape, a: &Value, b: &Value) -> bool {
        let of_before = |it: ResourceId| match self.pairs.after(it) {
            Some(it) => json!(it.0),
            None => json!([self.before.get(it).is_some(), it.0]),
        };
        let of_after = |it: ResourceId| match self.after.get(it) {
            Some(_) => json!(it.0),
            None => json!([false, it.0]),
        };
        a == b && !refers(shape)
            || mapped(shape, a, true, &of_before) == mapped(shape, b, true, &of_after)
    }

    /// A difference in words: names for numbers, and longer names where the short ones are alike.
    fn told(&self, it: Found<'_>) -> Change {
        let mut change = Change { field: it.path, before: None, after: None };
        for name in [name, full_name, numbered_name] {
            let told = |design, value| words(design, name, it.shape, value);
            change.before = it.before.as_ref().map(|it| told(self.before, it));
            change.after = it.after.as_ref().map(|it| told(self.after, it));
            if change.before != change.after {
                break;
            }
        }
        change
    }
}

fn cell_value(cell: &Field, row: &Value) -> Value {
    row.get(cell.key).cloned().unwrap_or_else(|| (cell.default)())
}

fn row_name(row: &Value) -> Option<&str> {
    row.get("name").and_then(Value::as_str).filter(|it| !it.is_empty())
}

fn plain(all: &mut Vec<Change>, field: &str, before: &Value, after: &Value) {
    if before != after {
        all.push(Change {
            field: field.to_owned(),
            before: Some(before.clone()),
            after: Some(after.clone()),
        });
    }
}

fn members(
    all: &mut Vec<Change>,
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for key in keys {
        let (before, after) = (before.get(key), after.get(key));
        if before != after {
            all.push(Change {
                field: format!("{path}{key}"),
                before: before.cloned(),
                after: after.cloned(),
            });
        }
    }
}

fn refers(shape: &Shape) -> bool {
    match shape {
        Shape::Reference => true,
        Shape::Optional(inner) | Shape::List(inner) => refers(inner),
        Shape::Row(cells) => cells.iter().any(|it| refers(&it.shape)),
        _ => false,
    }
}

/// The value with its references as `name` has them, and `whole` with the defaults of all cells.
fn mapped(shape: &Shape, value: &Value, whole: bool, name: &dyn Fn(ResourceId) -> Value) -> Value {
    match (shape, value) {
        (Shape::Reference, it) => Ref::read(it).map_or_else(|_| it.clone(), |it| name(it.0)),
        (Shape::Optional(inner), it) if !it.is_null() => mapped(inner, it, whole, name),
        (Shape::List(inner), Value::Array(items)) => {
            items.iter().map(|it| mapped(inner, it, whole, name)).collect()
        }
        (Shape::Row(cells), Value::Object(row)) => {
            let mut all = Map::new();
            for cell in cells.iter().filter(|it| whole || row.contains_key(it.key)) {
                let value = mapped(&cell.shape, &cell_value(cell, value), whole, name);
                all.insert(cell.key.to_owned(), value);
            }
            for (key, it) in row {
                all.entry(key.clone()).or_insert_with(|| it.clone());
            }
            Value::Object(all)
        }
        (_, it) => it.clone(),
    }
}

/// What a resource is called in words.
type Naming = fn(&Design, ResourceId) -> Option<String>;

fn name(design: &Design, id: ResourceId) -> Option<String> {
    design.get(id).map(|it| it.name.clone())
}

/// The name behind those of all that it stands in, outermost first.
pub fn full_name(design: &Design, id: ResourceId) -> Option<String> {
    let it = design.resources.subject(id)?;
    let mut names: Vec<&str> =
        std::iter::once(it).chain(it.ancestors()).map(Subject::name).collect();
    names.reverse();
    Some(names.join("/"))
}

fn numbered_name(design: &Design, id: ResourceId) -> Option<String> {
    Some(format!("{} (#{})", full_name(design, id)?, id.0))
}

/// The value with names for the numbers of resources.
fn words(design: &Design, name: Naming, shape: &Shape, value: &Value) -> Value {
    let told = |it| json!(name(design, it).unwrap_or_else(|| format!("#{}", it.0)));
    mapped(shape, value, false, &told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        design::edit::{Edit, apply},
        kinds::Resource,
    };

    /// A resource group with the resources given: kind, name, number of what it stands in, settings.
    fn design(resources: &[(Kind, &str, Option<u32>, Value)]) -> Design {
        let mut design = Design::default();
        for (kind, name, parent, settings) in resources {
            let mut it = Resource::new(*kind, *name, parent.map(ResourceId));
            it.settings = settings.as_object().unwrap().clone();
            let id = design.next_id();
            design.resources.0.insert(id, it.into());
        }
        design
    }

    fn group() -> Vec<(Kind, &'static str, Option<u32>, Value)> {
        vec![
            (Kind::ResourceGroup, "rg", None, json!({})),
            (Kind::VirtualNetwork, "vnet", Some(1), json!({})),
            (Kind::StorageAccount, "st", Some(1), json!({"networkAcls.defaultAction": "Allow"})),
            (
                Kind::NetworkSecurityGroup,
                "nsg",
                Some(1),
                json!({"securityRules": [
                    {"name": "a", "priority": 100, "access": "Deny"},
                    {"name": "b", "priority": 110, "access": "Deny"},
                ]}),
            ),
            (Kind::Subnet, "snet", Some(2), json!({"networkSecurityGroup": 4})),
        ]
    }

    fn fields(all: &Changes) -> Vec<(&str, String, String)> {
        let told = |it: &Option<Value>| it.as_ref().map_or("-".to_owned(), Value::to_string);
        let changes = all.changed.iter().flat_map(|it| &it.changes);
        changes.map(|it| (it.field.as_str(), told(&it.before), told(&it.after))).collect()
    }

    #[test]
    fn a_design_and_itself() {
        let it = design(&group());
        assert!(compare(&it, &it).is_empty());
    }

    #[test]
    fn a_setting_by_its_path_with_both_values() {
        let a = design(&group());
        let b = apply(
            &a,
            &Edit::Set {
                id: ResourceId(3),
                key: "networkAcls.defaultAction".to_owned(),
                value: json!("Deny"),
            },
        )
        .unwrap();
        let all = compare(&a, &b);
        let expected = ("networkAcls.defaultAction", "\"Allow\"".to_owned(), "\"Deny\"".to_owned());
        assert_eq!(fields(&all), [expected]);
        assert_eq!((all.added.len(), all.removed.len()), (0, 0));
    }

    // What the file leaves out is the default: writing it down changes nothing.
    #[test]
    fn a_default_that_is_written_down_is_no_change() {
        let a = design(&group());
        let mut wordy = group();
        wordy[1].3 = json!({"addressSpace.addressPrefixes": ["10.0.0.0/16"]});
        wordy[3].3["securityRules"][0]["direction"] = json!("Inbound");
        let b = design(&wordy);
        let direction = |it: &Design| {
            let row = &it.get(ResourceId(4)).unwrap().settings["securityRules"][0];
            row.get("direction").cloned()
        };
        assert_ne!(direction(&a), direction(&b));
        assert!(compare(&a, &b).is_empty(), "{:?}", fields(&compare(&a, &b)));
    }

    #[test]
    fn a_row_is_known_by_its_name() {
        let a = design(&group());
        let mut other = group();
        other[3].3 = json!({"securityRules": [
            {"name": "new", "priority": 90},
            {"name": "b", "priority": 120, "access": "Deny"},
        ]});
        let all = compare(&a, &design(&other));
        assert_eq!(
            fields(&all),
            [
                ("securityRules[b].priority", "110".to_owned(), "120".to_owned()),
                (
                    "securityRules[a]",
                    json!({"name": "a", "priority": 100, "access": "Deny"}).to_string(),
                    "-".to_owned(),
                ),
                (
                    "securityRules[new]",
                    "-".to_owned(),
                    json!({"name": "new", "priority": 90}).to_string()
                ),
            ]
        );
    }

    #[test]
    fn a_reference_is_told_by_name() {
        let a = design(&group());
        let mut other = group();
        other.push((Kind::NetworkSecurityGroup, "tight", Some(1), json!({})));
        other[4].3 = json!({"networkSecurityGroup": 6});
        let all = compare(&a, &design(&other));
        let expected = ("networkSecurityGroup", "\"nsg\"".to_owned(), "\"tight\"".to_owned());
        assert_eq!(fields(&all), [expected]);
        assert_eq!(all.added, [ResourceId(6)]);
    }

    #[test]
    fn two_groups_of_one_name_are_told_apart() {
        let mut one = group();
        one.push((Kind::ResourceGroup, "rg2", None, json!({})));
        one.push((Kind::NetworkSecurityGroup, "nsg", Some(6), json!({})));
        let mut other = one.clone();
        other[4].3 = json!({"networkSecurityGroup": 7});
        let all = compare(&design(&one), &design(&other));
        let expected = ("networkSecurityGroup", "\"rg/nsg\"".to_owned(), "\"rg2/nsg\"".to_owned());
        assert_eq!(fields(&all), [expected]);
    }

    // Numbers of a design that was drawn apart, or imported, mean nothing here.
    #[test]
    fn the_same_design_with_other_numbers() {
        let a = design(&group());
        let mut b = Design::default();
        for (kind, name, parent, settings) in [
            (Kind::Subscription, "s", None, json!({})),
            (Kind::ResourceGroup, "rg", None, json!({})),
            (Kind::NetworkSecurityGroup, "nsg", Some(2), group()[3].3.clone()),
            (Kind::StorageAccount, "st", Some(2), group()[2].3.clone()),
            (Kind::VirtualNetwork, "vnet", Some(2), json!({})),
            (Kind::Subnet, "snet", Some(5), json!({"networkSecurityGroup": 3})),
        ] {
            let mut it = Resource::new(kind, name, parent.map(ResourceId));
            it.settings = settings.as_object().unwrap().clone();
            let id = b.next_id();
            b.resources.0.insert(id, it.into());
        }
        let all = compare(&a, &b);
        assert_eq!(fields(&all), []);
        assert_eq!((all.added, all.removed), (vec![ResourceId(1)], vec![]));
    }

    #[test]
    fn a_renamed_group_keeps_what_stands_in_it() {
        let a = design(&group());
        let b = apply(&a, &Edit::Rename { id: ResourceId(1), name: "rg-new".to_owned() }).unwrap();
        let expected = ("name", "\"rg\"".to_owned(), "\"rg-new\"".to_owned());
        assert_eq!(fields(&compare(&a, &b)), [expected]);
    }

    #[test]
    fn a_resource_that_moved_into_another_group() {
        let mut one = group();
        one.push((Kind::ResourceGroup, "rg2", None, json!({})));
        let mut other = one.clone();
        other[2].2 = Some(6);
        let all = compare(&design(&one), &design(&other));
        assert_eq!(fields(&all), [("parent", "\"rg\"".to_owned(), "\"rg2\"".to_owned())]);
    }

    // Two accounts of one number in designs without a common past are two accounts.
    #[test]
    fn a_number_alone_makes_no_pair_between_strangers() {
        let a = design(&[
            (Kind::ResourceGroup, "rg", None, json!({})),
            (Kind::User, "ann", None, json!({})),
            (Kind::StorageAccount, "one", Some(1), json!({})),
        ]);
        let b = design(&[
            (Kind::User, "ann", None, json!({})),
            (Kind::ResourceGroup, "rg", None, json!({})),
            (Kind::StorageAccount, "two", Some(2), json!({})),
        ]);
        let all = compare(&a, &b);
        assert_eq!((all.added, all.removed), (vec![ResourceId(3)], vec![ResourceId(3)]));
    }

    #[test]
    fn another_order_of_rows_is_said() {
        let a = design(&group());
        let mut other = group();
        other[3].3["securityRules"].as_array_mut().unwrap().reverse();
        let all = compare(&a, &design(&other));
        assert_eq!(all.changed.len(), 1);
        assert_eq!(all.changed[0].changes[0].field, "securityRules");
    }
}
