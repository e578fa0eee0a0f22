//! What `az ml` and its Python SDK call what ARM calls otherwise, type by type.
//!
//! A shape is used only if it says all that the resource holds, with the values that it holds: a property that
//! no field covers, or a value that the client would replace by its own, sends the resource as a template would.
//! What the client does was read in `azure-ai-ml` 1.35 (MIT), which the extension `ml` is made of.

use super::{Form, Key, Map, Member, Node, Only, Writer, tags, text_of};
use crate::{
    export::File,
    kinds::{
        Kind, ResourceId, Subject,
        arm::{ArmResource, ArmValue},
    },
};

// All of them.
mod table;

use table::{DEPLOYMENTS, ENVIRONMENTS, SHAPES, V1_INSTANCE, V1_KUBERNETES};

/// A type of resource as `az ml` has it.
#[derive(Debug)]
pub(super) struct Shape {
    arm_type: &'static str,
    /// Values that tell it from others of its type.
    when: &'static [(&'static str, &'static str)],
    /// Values that must be there, because the client would make up its own.
    needs: &'static [&'static str],
    /// File name of the schema.
    pub schema: &'static str,
    /// `compute create`.
    pub command: &'static str,
    /// Method of `MLClient`, and whether it has to be waited for.
    pub method: (&'static str, bool),
    pub class: &'static str,
    /// Constants of the YAML file, which the class stands for in Python.
    constants: &'static [(&'static str, &'static str)],
    /// Classes of objects inside.
    groups: &'static [(&'static str, &'static str)],
    fields: &'static [Field],
    /// What readers know from v1.
    pub v1: &'static [&'static str],
}

/// Where a property of ARM goes: `a.b` is the member `b` of the object `a`.
#[derive(Debug)]
struct Field {
    path: &'static str,
    key: &'static str,
    form: Spelling,
}

#[derive(Clone, Copy, Debug)]
enum Spelling {
    Same,
    /// The client writes this value by itself.
    Is(&'static str),
    /// Whatever it is, the client writes the same.
    Implied,
    /// ARM's word, that of YAML, that of Python.
    Words(&'static [(&'static str, &'static str, &'static str)]),
    /// ARM's word; `None` leaves the member out.
    Flag(&'static [(&'static str, Option<bool>)]),
    /// An ISO 8601 duration in seconds.
    Seconds,
    /// One in minutes if it is one, under another name.
    Minutes(&'static str),
    /// `azureml:name` of what is referred to; Python takes the name alone.
    Named,
    /// `identity`, as a list of ids or, for workspaces, by id.
    Identity {
        by_id: bool,
    },
    OutboundRules,
    /// Text of a file beside.
    Conda,
    /// Objects of which the names are data.
    Open,
    /// A folder with the code, or the id of what was uploaded before.
    Code,
    /// In the subscription of the workspace, which is all that the client looks in.
    Near,
}

use Spelling::{
    Code, Conda, Flag, Identity, Implied, Is, Minutes, Named, Near, Open, OutboundRules, Same,
    Seconds, Words,
};

pub(super) fn find(it: &ArmResource) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| {
        shape.arm_type == it.arm_type
            && shape.when.iter().all(|(path, word)| match value(it, path) {
                Some(ArmValue::Text(it)) => it == word,
                None => word.is_empty(),
                _ => false,
            })
    })
}

/// Notes for a kind that is sent as a template would.
pub(super) fn v1(kind: Kind) -> &'static [&'static str] {
    let like = |it: &&Shape| Some(it.arm_type) == kind.info().arm_type;
    match kind {
        Kind::ComputeInstance => V1_INSTANCE,
        Kind::AttachedKubernetes => V1_KUBERNETES,
        _ => SHAPES.iter().find(like).map_or(&[], |it| it.v1),
    }
}

/// The value at a path of a resource: a member, or something below `properties`.
fn value<'a>(it: &'a ArmResource, path: &str) -> Option<&'a ArmValue> {
    let (head, rest) = path.split_once('.').map_or((path, None), |(h, r)| (h, Some(r)));
    let first = if head == "properties" {
        &it.properties
    } else {
        &it.members.iter().find(|(name, _)| *name == head)?.1
    };
    rest.into_iter().flat_map(|it| it.split('.')).try_fold(first, |at, name| match at {
        ArmValue::Object(members) => members.iter().find(|(it, _)| it == name).map(|(_, it)| it),
        _ => None,
    })
}

/// Paths of everything that the resource holds.
fn leaves(path: &mut Vec<String>, value: &ArmValue, all: &mut Vec<Vec<String>>) {
    match value {
        ArmValue::Null => {}
        ArmValue::Object(members) if members.is_empty() => {}
        ArmValue::Object(members) => {
            for (name, it) in members {
                path.push(name.clone());
                leaves(path, it, all);
                path.pop();
            }
        }
        _ => all.push(path.clone()),
    }
}

/// The resource in the words of `az ml`; `None` if that would not be all of it.
pub(super) fn node(
    writer: &mut Writer<'_>,
    shape: &'static Shape,
    it: &ArmResource,
    subject: Subject<'_>,
    beside: &mut Vec<File>,
) -> Option<Map> {
    // Preview versions have properties that the client does not know.
    if it.api_version.is_some() || !shape.needs.iter().all(|path| value(it, path).is_some()) {
        return None;
    }
    let mut all = Vec::new();
    for (name, value) in &it.members {
        leaves(&mut vec![(*name).to_owned()], value, &mut all);
    }
    leaves(&mut vec!["properties".to_owned()], &it.properties, &mut all);
    let covered = |leaf: &Vec<String>| {
        let paths = shape.fields.iter().map(|it| it.path).chain(shape.when.iter().map(|it| it.0));
        paths.into_iter().any(|path| {
            let mut segments = path.split('.');
            let mut leaf = leaf.iter();
            segments.all(|it| leaf.next().is_some_and(|at| at == it))
        })
    };
    if !all.iter().all(covered) {
        return None;
    }

    let mut map = Map::new(shape.class);
    let names: Vec<&str> = it.name.iter().filter_map(text_of).collect();
    match (it.arm_type, names.as_slice()) {
        (ENVIRONMENTS, [.., name, version]) => {
            map.push("name", Node::text(*name));
            map.push("version", Node::text(*version));
        }
        (DEPLOYMENTS, [.., endpoint, name]) => {
            map.push("name", Node::text(*name));
            map.push("endpoint_name", Node::text(*endpoint));
        }
        (_, [.., name]) => map.push("name", Node::text(*name)),
        _ => return None,
    }
    let (inside, plain): (Vec<_>, Vec<_>) =
        shape.constants.iter().copied().partition(|it| it.0.contains('.'));
    for (key, word) in plain {
        map.push_only(Only::Yaml, key, Node::text(word));
    }
    if let Some(location) = &it.location
        && shape.fields.iter().all(|it| it.path != "location")
    {
        map.push("location", Node::text(location));
    }
    if !it.tags.is_empty() {
        map.push("tags", Node::Map(tags(&it.tags)));
    }
    for field in shape.fields {
        let Some(value) = value(it, field.path).filter(|it| **it != ArmValue::Null) else {
            continue;
        };
        spell(writer, shape, field, value, subject, &mut map, beside)?;
    }
    for (key, word) in inside {
        put(&mut map, shape, key, Only::Yaml, Node::text(word));
    }
    Some(map)
}

/// Puts a value at a dotted key.
fn put(map: &mut Map, shape: &Shape, key: &'static str, only: Only, value: Node) {
    match key.split_once('.') {
        None => map.push_only(only, key, value),
        Some((outer, inner)) => {
            let class = shape.groups.iter().find(|it| it.0 == outer).map_or("", |it| it.1);
            map.push_below(outer, class, Member { key: Key::Word(inner), value, only });
        }
    }
}

fn spell(
    writer: &mut Writer<'_>,
    shape: &Shape,
    field: &Field,
    value: &ArmValue,
    subject: Subject<'_>,
    map: &mut Map,
    beside: &mut Vec<File>,
) -> Option<()> {
    let both = |map: &mut Map, value: Node| put(map, shape, field.key, Only::Both, value);
    match field.form {
        Same => {
            let value = writer.node(value);
            both(map, value);
        }
        Implied => {}
        Is(word) => {
            let same = match value {
                ArmValue::Bool(it) => it.to_string() == word,
                value => text_of(value) == Some(word),
            };
            return same.then_some(());
        }
        Words(words) => {
            let word = words.iter().find(|it| Some(it.0) == text_of(value))?;
            if word.1 == word.2 {
                both(map, Node::text(word.1));
            } else {
                put(map, shape, field.key, Only::Yaml, Node::text(word.1));
                put(map, shape, field.key, Only::Python, Node::text(word.2));
            }
        }
        Flag(words) => {
            let word = words.iter().find(|it| Some(it.0) == text_of(value))?;
            if let Some(flag) = word.1 {
                both(map, Node::Bool(flag));
            }
        }
        Seconds => both(map, Node::Number(seconds(text_of(value)?).filter(|it| *it > 0)?)),
        Minutes(key) => {
            let text = text_of(value)?;
            match seconds(text).filter(|it| *it > 0 && it % 60 == 0) {
                Some(it) => put(map, shape, key, Only::Both, Node::Number(it / 60)),
                None => both(map, Node::text(text)),
            }
        }
        Named => {
            let name = match value {
                ArmValue::IdOf(id) => name_of(writer, *id)?,
                ArmValue::ChildIdOf(_, path) => {
                    let names: Vec<&str> = path.iter().map(|(_, it)| it.as_str()).collect();
                    names.join(":")
                }
                // An asset of Microsoft's registry, which Kubernetes takes by its id only.
                ArmValue::Text(it) if shape.class != "KubernetesOnlineDeployment" => {
                    both(map, Node::text(it));
                    return Some(());
                }
                _ => return None,
            };
            put(map, shape, field.key, Only::Yaml, Node::text(format!("azureml:{name}")));
            put(map, shape, field.key, Only::Python, Node::text(name));
        }
        Identity { by_id } => identity(writer, value, by_id, map)?,
        OutboundRules => outbound_rules(writer, value, map, shape, field)?,
        Conda => {
            let text = text_of(value)?;
            let stem = format!("conda-{}", subject.name());
            let name = writer.file_name(&stem, "yml");
            beside.push(File { name: name.clone(), text: text.to_owned() });
            put(map, shape, field.key, Only::Yaml, Node::text(name));
            let mut read = Map::new("conda");
            read.push("text", Node::text(text));
            put(map, shape, field.key, Only::Python, Node::Map(read));
        }
        Open => {
            let Node::Map(it) = writer.node(value) else { return None };
            both(map, Node::Map(it));
        }
        Code => {
            let label = format!("code folder or asset id of {} {}", subject.name(), subject.id.0);
            let code = writer.asked(&label, Form::Code);
            both(map, Node::Text(code));
        }
        Near => {
            let ArmValue::IdOf(id) = value else { return None };
            let plan = writer.plan;
            let place = |id: ResourceId| plan.item_of(id).map(|it| plan.place(it.scope));
            let (here, there) = (place(subject.id)?, place(*id)?);
            if plan.subscription_of(&here) != plan.subscription_of(&there) {
                return None;
            }
            let value = writer.node(value);
            both(map, value);
        }
    }
    Some(())
}

/// `name`, or `name:version` of an environment.
fn name_of(writer: &Writer<'_>, id: ResourceId) -> Option<String> {
    let item = writer.plan.item_of(id)?;
    let names: Vec<&str> = item.name.iter().skip(1).filter_map(text_of).collect();
    (!names.is_empty()).then(|| names.join(":"))
}

/// Both an identity's type and its ids. Workspaces list them by id, everything else in a row.
fn identity(writer: &mut Writer<'_>, value: &ArmValue, by_id: bool, map: &mut Map) -> Option<()> {
    let ArmValue::Object(members) = value else { return None };
    let mut it = Map::new("IdentityConfiguration");
    for (name, value) in members {
        match (name.as_str(), value) {
            ("type", ArmValue::Text(kind)) => {
                let kind = match kind.as_str() {
                    "SystemAssigned" => "system_assigned",
                    "UserAssigned" => "user_assigned",
                    "SystemAssigned,UserAssigned" => "system_assigned,user_assigned",
                    _ => return None,
                };
                it.push("type", Node::text(kind));
            }
            ("userAssignedIdentities", ArmValue::IdKeys(ids)) => {
                let mut listed = Vec::new();
                let mut keyed = Map::new("");
                for id in ids {
                    let id = writer.pieces(&ArmValue::IdOf(*id));
                    let mut one = Map::new("ManagedIdentityConfiguration");
                    one.push("resource_id", Node::Text(id.clone()));
                    listed.push(Node::Map(one));
                    keyed.push_data(id, Node::Map(Map::new("")));
                }
                let key = "user_assigned_identities";
                if by_id {
                    it.push_only(Only::Yaml, key, Node::Map(keyed));
                    it.push_only(Only::Python, key, Node::List(listed));
                } else {
                    it.push(key, Node::List(listed));
                }
            }
            _ => return None,
        }
    }
    map.push("identity", Node::Map(it));
    Some(())
}

/// Rules have their names inside, and their kinds as classes.
fn outbound_rules(
    writer: &mut Writer<'_>,
    value: &ArmValue,
    map: &mut Map,
    shape: &Shape,
    field: &Field,
) -> Option<()> {
    let ArmValue::Object(rules) = value else { return None };
    let mut all = Vec::new();
    for (name, rule) in rules {
        let ArmValue::Object(members) = rule else { return None };
        let of = |name: &str| members.iter().find(|it| it.0 == name).map(|it| &it.1);
        let known = ["type", "category", "destination"];
        if !members.iter().all(|it| known.contains(&it.0.as_str())) {
            return None;
        }
        let destination = of("destination")?;
        let (kind, class, inner): (_, _, &[(&'static str, &'static str)]) =
            match of("type").and_then(text_of)? {
                "FQDN" => ("fqdn", "FqdnDestination", &[]),
                "ServiceTag" => (
                    "service_tag",
                    "ServiceTagDestination",
                    &[
                        ("serviceTag", "service_tag"),
                        ("protocol", "protocol"),
                        ("portRanges", "port_ranges"),
                    ],
                ),
                "PrivateEndpoint" => (
                    "private_endpoint",
                    "PrivateEndpointDestination",
                    &[
                        ("serviceResourceId", "service_resource_id"),
                        ("subresourceTarget", "subresource_target"),
                        ("sparkEnabled", "spark_enabled"),
                    ],
                ),
                _ => return None,
            };
        let mut one = Map::new(class);
        one.push("name", Node::text(name));
        one.push_only(Only::Yaml, "type", Node::text(kind));
        match destination {
            ArmValue::Object(members) => {
                if members.len() != inner.len() {
                    return None;
                }
                let mut nested = Map::new("");
                for (arm, key) in inner {
                    let value = &members.iter().find(|it| it.0 == *arm)?.1;
                    let value = writer.node(value);
                    nested.push(key, value.clone());
                    one.push_only(Only::Python, key, value);
                }
                one.push_only(Only::Yaml, "destination", Node::Map(nested));
            }
            value => {
                let value = writer.node(value);
                one.push("destination", value);
            }
        }
        all.push(Node::Map(one));
    }
    put(map, shape, field.key, Only::Both, Node::List(all));
    Some(())
}

/// Seconds of a duration without months and years: `PT120S`, `P1DT2H`.
fn seconds(duration: &str) -> Option<i64> {
    let rest = duration.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut total: i64 = 0;
    for (part, units) in [(days, "D"), (time, "HMS")] {
        let mut number = String::new();
        let mut units = units.chars();
        for c in part.chars() {
            if c.is_ascii_digit() {
                number.push(c);
                continue;
            }
            // Each unit once, the larger ones first.
            units.find(|it| *it == c)?;
            let size = match c {
                'D' => 86_400,
                'H' => 3600,
                'M' => 60,
                _ => 1,
            };
            let count: i64 = number.parse().ok()?;
            total = total.checked_add(count.checked_mul(size)?)?;
            number.clear();
        }
        if !number.is_empty() {
            return None;
        }
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_or_left_alone() {
        for (text, expected) in [
            ("PT120S", Some(120)),
            ("PT15M", Some(900)),
            ("P3D", Some(259_200)),
            ("P1DT2H3M4S", Some(93_784)),
            ("PT", Some(0)),
            ("PT1S1H", None),
            ("PT5", None),
            ("P1M", None),
            ("PT1.5S", None),
            ("120", None),
            ("PT99999999999999999999S", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
