//! Bicep: `main.bicep`, a module for each resource group, and `main.bicepparam`.
//!
//! The same deployment as the ARM template. Resources that a file creates, or finds there, are called by symbolic
//! names, so that Bicep itself sees what comes first; `dependsOn` says only the rest.
//!
//! Azure docs: "Understand the structure and syntax of Bicep files" (azure-resource-manager/bicep/file),
//! "Data types in Bicep" (azure-resource-manager/bicep/data-types), "Bicep modules"
//! (azure-resource-manager/bicep/modules).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use super::{
    Basis, Exporter, File, Refused,
    plan::{Names, Place, Plan, api_version, variable},
    template::{
        Dialect, GROUPS, Holds, Need, Parameter, Stage, Symbols, THERE, TRAFFIC, Traffic, Writer,
        again, only_group,
    },
    tree::{self, Leaves, Marks},
};
use crate::{
    kinds::{
        Kind, ResourceId,
        arm::{ArmResource, ArmScope, ArmValue},
    },
    text::text,
};

pub const EXPORTER: Exporter = Exporter {
    id: "bicep",
    title: text("Bicep", "Bicep"),
    help: text(
        "main.bicep with a module for each resource group, and main.bicepparam",
        "main.bicep、リソース グループごとのモジュール、main.bicepparam",
    ),
    run,
};

/// Functions that a symbolic name would hide.
const FUNCTIONS: [&str; 5] =
    ["resourceGroup", "subscription", "tenant", "managementGroup", "deployment"];

const MARKS: Marks = Marks { list: ("[", "]"), object: ("{", "}"), is: ": ", next: "", key };

fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let plan = basis.plan()?;
    let mut names = Names::default();
    for it in FUNCTIONS.into_iter().chain([THERE]) {
        names.another(it);
    }
    let symbols = plan.items.iter().map(|it| names.another(&called(plan, it))).collect();
    let symbols = Symbols { names: symbols, ..Symbols::default() };
    let mut writer = Writer::new(plan, names, Dialect::Bicep(symbols));
    let mut files = match only_group(plan) {
        Some(group) => {
            let all: Vec<usize> = (0..plan.items.len())
                .filter(|n| plan.items.get(*n).is_some_and(|it| it.arm_type != GROUPS))
                .collect();
            let main = writer.part(&all, &Place::Group(group), "modules/");
            let mut files = vec![File { name: "main.bicep".to_owned(), text: main.text }];
            files.extend(writer.symbols().into_iter().flat_map(|it| it.files.drain(..)));
            files
        }
        None => writer.modules()?,
    };
    files.push(File { name: "main.bicepparam".to_owned(), text: writer.values() });
    Ok(files)
}

/// What a symbolic name is made of: the kind, and the type of what else it lowers to.
pub(super) fn called(plan: &Plan<'_>, it: &ArmResource) -> String {
    let kind = plan.all.get(it.from).map_or("", |it| it.kind.info().slug);
    let first = plan.item_of(it.from).is_some_and(|first| std::ptr::eq(first, it));
    let last = it.arm_type.rsplit('/').next().filter(|_| !first);
    format!("{kind} {}", last.unwrap_or_default())
}

/// A text in quotes.
pub(super) fn quoted(it: &str) -> String {
    let mut out = String::from("'");
    let mut rest = it.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if rest.peek() == Some(&'{') => out.push_str("\\$"),
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    out.push('\'');
    out
}

fn key(it: &str) -> String {
    let letters = it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_');
    let word = it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    if letters && word { it.to_owned() } else { quoted(it) }
}

/// A value, seen from a place.
struct Seen<'w, 'a> {
    writer: &'w mut Writer<'a>,
    here: &'w Place,
}

impl Leaves for Seen<'_, '_> {
    fn leaf(&mut self, value: &ArmValue) -> String {
        self.writer.expr(value, self.here)
    }

    fn id_key(&mut self, value: &ArmValue) -> String {
        format!("'${{{}}}'", self.leaf(value))
    }
}

/// One file, and what must be given to it.
struct Part {
    text: String,
    parameters: BTreeSet<String>,
}

impl Writer<'_> {
    fn symbols(&mut self) -> Option<&mut Symbols> {
        match &mut self.dialect {
            Dialect::Bicep(it) => Some(it),
            Dialect::Json => None,
        }
    }

    fn called(&mut self, n: usize) -> String {
        self.symbols().and_then(|it| it.names.get(n).cloned()).unwrap_or_default()
    }

    /// The file of what is deployed together. From it, other files are in `folder`.
    fn part(&mut self, part: &[usize], here: &Place, folder: &str) -> Part {
        self.file(part, here, folder, &BTreeMap::new(), "")
    }

    /// The module that sends the requests of an endpoint to its deployments. No resource stands in a file twice, so
    /// it is one by itself.
    fn traffic_module(
        &mut self,
        number: usize,
        part: &[usize],
        here: &Place,
        folder: &str,
    ) -> String {
        let Some((n, endpoint, deployments)) = self.with_traffic(number) else {
            return String::new();
        };
        let outer = std::mem::take(&mut self.asked);
        if let Some(symbols) = self.symbols() {
            symbols.part = [n].into();
            symbols.existing.clear();
        }
        let mut declared = String::new();
        self.declaration(n, &endpoint, None, here, &[], &mut declared);
        let inner = self.finished(here, &declared, "", outer, false);
        let name = Traffic::name(number);
        let symbol = self.names.another("traffic");
        let mut out = format!("@description({})\n", quoted(TRAFFIC));
        let _ = writeln!(out, "module {symbol} '{folder}{name}.bicep' = {{");
        let _ = writeln!(out, "  name: '{name}'");
        pass_on(&mut out, &inner.parameters);
        let needs = deployments.iter().filter(|it| part.contains(it));
        let needs: Vec<String> = needs.map(|it| self.called(*it)).collect();
        depends_on(&mut out, &needs);
        out.push_str("}\n\n");
        if let Some(symbols) = self.symbols() {
            symbols.files.push(File { name: format!("modules/{name}.bicep"), text: inner.text });
        }
        out
    }

    /// The same; `waits`: for which modules a resource waits; `modules` goes to the end.
    fn file(
        &mut self,
        part: &[usize],
        here: &Place,
        folder: &str,
        waits: &BTreeMap<usize, Vec<String>>,
        modules: &str,
    ) -> Part {
        let plan = self.plan;
        let outer = std::mem::take(&mut self.asked);
        if let Some(symbols) = self.symbols() {
            symbols.part = part.iter().copied().collect();
            symbols.existing.clear();
        }
        let mut resources = String::new();
        for n in part {
            let waits = waits.get(n).map_or(&[][..], Vec::as_slice);
            let Some(it) = plan.items.get(*n) else { continue };
            let condition = self.unless_there(it);
            self.declaration(*n, it, condition, here, waits, &mut resources);
        }
        let existing = self.symbols().map(|it| std::mem::take(&mut it.existing));
        let mut apart = String::new();
        for number in self.traffic_after(part) {
            apart.push_str(&self.traffic_module(number, part, here, folder));
        }
        if let Some(symbols) = self.symbols() {
            symbols.existing = existing.unwrap_or_default();
        }
        self.finished(here, &resources, &format!("{apart}{modules}"), outer, !modules.is_empty())
    }

    /// A file of resources that are written, with what it takes and what it finds; `outer` is what was asked for before.
    fn finished(
        &mut self,
        here: &Place,
        resources: &str,
        modules: &str,
        outer: BTreeMap<String, Parameter>,
        top: bool,
    ) -> Part {
        let existing = self.symbols().map(|it| std::mem::take(&mut it.existing));
        let mut found = String::new();
        for n in existing.unwrap_or_default() {
            self.existing(n, here, &mut found);
        }
        let mut out = match here {
            Place::Group(_) => String::new(),
            Place::Subscription(_) => "targetScope = 'subscription'\n\n".to_owned(),
            Place::Tenant | Place::ManagementGroup(_) => "targetScope = 'tenant'\n\n".to_owned(),
        };
        let parameters: BTreeSet<String> = self.asked.keys().cloned().collect();
        self.asked.extend(outer);
        // The top passes on whatever its modules ask for.
        let declared = if top { self.asked.keys().cloned().collect() } else { parameters.clone() };
        for name in declared {
            let Some(it) = self.asked.get(&name) else { continue };
            let _ = writeln!(out, "@description({})", quoted(&it.label));
            let _ = match it.holds {
                Holds::Text => writeln!(out, "param {name} string\n"),
                Holds::Secret => writeln!(out, "@secure()\nparam {name} string\n"),
                Holds::Names => writeln!(out, "param {name} string[] = []\n"),
            };
        }
        let text = format!("{out}{found}{resources}{modules}");
        Part { text: format!("{}\n", text.trim_end()), parameters }
    }

    fn nested_value(&mut self, out: &mut String, value: &ArmValue, here: &Place) {
        tree::print(out, value, 1, &MARKS, &mut Seen { writer: self, here });
    }

    fn declaration(
        &mut self,
        n: usize,
        it: &ArmResource,
        condition: Option<String>,
        here: &Place,
        waits: &[String],
        out: &mut String,
    ) {
        let plan = self.plan;
        let own = self.called(n);
        let needs = plan.before.get(n).cloned().unwrap_or_default();
        let parent = needs.iter().copied().find(|before| {
            let inside = self.symbols().is_some_and(|it| it.part.contains(before));
            inside && plan.items.get(*before).is_some_and(|above| is_parent(above, it))
        });
        if let Some(symbols) = self.symbols() {
            symbols.before = needs.iter().copied().collect();
            symbols.named = parent.into_iter().collect();
        }
        let open = match condition {
            Some(condition) => {
                let _ = writeln!(out, "@description({})", quoted(again(it).unwrap_or_default()));
                format!("if ({condition}) {{")
            }
            None => "{".to_owned(),
        };
        let _ = writeln!(out, "resource {own} {} = {open}", quoted(&versioned(it)));
        if let Some(parent) = parent {
            let _ = writeln!(out, "  parent: {}", self.called(parent));
        }
        if let ArmScope::On(id) | ArmScope::ManagementGroup(id) = it.scope
            && let Some(scope) = self.scope(id)
        {
            let _ = writeln!(out, "  scope: {scope}");
        }
        let name = self.name_below(it, parent.is_some(), here);
        let _ = writeln!(out, "  name: {name}");
        if let Some(location) = &it.location {
            let _ = writeln!(out, "  location: {}", quoted(location));
        }
        if !it.tags.is_empty() {
            out.push_str("  tags: {\n");
            for (name, value) in &it.tags {
                let _ = writeln!(out, "    {}: {}", key(name), quoted(value));
            }
            out.push_str("  }\n");
        }
        let properties = Some(("properties", &it.properties));
        let members = it.members.iter().map(|(name, it)| (*name, it));
        for (name, value) in members.chain(properties.filter(|(_, it)| **it != ArmValue::Null)) {
            let _ = write!(out, "  {name}: ");
            self.nested_value(out, value, here);
            out.push('\n');
        }
        let mut rest = Vec::new();
        if let Some(symbols) = self.symbols() {
            let said = std::mem::take(&mut symbols.named);
            let open = |n: &&usize| symbols.part.contains(n) && !said.contains(n);
            rest.extend(needs.iter().filter(open).copied());
        }
        let mut rest: Vec<String> = rest.into_iter().map(|n| self.called(n)).collect();
        rest.extend(waits.iter().cloned());
        depends_on(out, &rest);
        out.push_str("}\n\n");
    }

    /// What an extension stands on, unless that is what the file is deployed to.
    fn scope(&mut self, id: ResourceId) -> Option<String> {
        match self.plan.all.get(id)?.kind {
            Kind::Subscription | Kind::ResourceGroup => None,
            _ => self.symbol(self.plan.position(id)?),
        }
    }

    /// The name, without those of the parent where that is said apart.
    fn name_below(&mut self, it: &ArmResource, below: bool, here: &Place) -> String {
        let segments = match it.name.as_slice() {
            [.., last] if below => std::slice::from_ref(last),
            all => all,
        };
        if let [one] = segments {
            return self.expr(one, here);
        }
        let texts: Option<Vec<&str>> = segments
            .iter()
            .map(|it| match it {
                ArmValue::Text(it) => Some(it.as_str()),
                _ => None,
            })
            .collect();
        match texts {
            Some(texts) => quoted(&texts.join("/")),
            None => {
                let parts: Vec<String> =
                    segments.iter().map(|it| format!("${{{}}}", self.expr(it, here))).collect();
                format!("'{}'", parts.join("/"))
            }
        }
    }

    fn existing(&mut self, n: usize, here: &Place, out: &mut String) {
        let plan = self.plan;
        let Some(it) = plan.items.get(n) else { return };
        let own = self.called(n);
        let _ = writeln!(out, "resource {own} {} existing = {{", quoted(&versioned(it)));
        let place = plan.place(it.scope);
        if place != *here {
            let scope = self.place_scope(&place, here);
            let _ = writeln!(out, "  scope: {scope}");
        }
        let name = self.name_below(it, false, here);
        let _ = writeln!(out, "  name: {name}\n}}\n");
    }

    /// A place as what something is deployed to.
    fn place_scope(&mut self, place: &Place, here: &Place) -> String {
        let subscription = self.plan.subscription_of(place);
        let elsewhere = subscription != self.plan.subscription_of(here)
            || matches!(here, Place::Tenant | Place::ManagementGroup(_));
        match place {
            Place::Group(group) => {
                let name = quoted(&self.plan.name_of(*group));
                if elsewhere {
                    format!("resourceGroup({}, {name})", self.subscription_in(subscription))
                } else {
                    format!("resourceGroup({name})")
                }
            }
            Place::Subscription(_) if elsewhere => {
                format!("subscription({})", self.subscription_in(subscription))
            }
            Place::Subscription(_) => "subscription()".to_owned(),
            Place::Tenant | Place::ManagementGroup(_) => "tenant()".to_owned(),
        }
    }

    /// A file for each nested deployment, and the one that runs them.
    fn modules(&mut self) -> Result<Vec<File>, Refused> {
        self.refuse_unreachable()?;
        let stages = self.stages();
        let root = Place::Subscription(None);
        let mut members: BTreeMap<&Stage, Vec<usize>> = BTreeMap::new();
        for (n, stage) in &stages {
            members.entry(stage).or_default().push(*n);
        }
        let mut symbols: BTreeMap<&Stage, String> = BTreeMap::new();
        for stage in members.keys() {
            symbols.insert(stage, self.names.another("stage"));
        }
        let mut files = Vec::new();
        let traffic =
            (1..=self.traffic.len()).map(|it| format!("modules/{}.bicep", Traffic::name(it)));
        let mut paths: BTreeSet<String> = traffic.collect();
        let mut modules = String::new();
        for (stage, part) in &members {
            let inner = self.part(part, &stage.place, "");
            let path = path(stage, &self.stage_name(stage), &mut paths);
            let own = symbols.get(stage).cloned().unwrap_or_default();
            let _ = writeln!(modules, "module {own} {} = {{", quoted(&path));
            let _ = writeln!(modules, "  name: {}", quoted(&self.stage_name(stage)));
            let scope = self.place_scope(&stage.place, &root);
            let _ = writeln!(modules, "  scope: {scope}");
            pass_on(&mut modules, &inner.parameters);
            let needs: Vec<String> = self
                .needs(part, Some(stage), &stages)
                .iter()
                .map(|it| match it {
                    Need::Item(n) => self.called(*n),
                    Need::Stage(it) => symbols.get(it).cloned().unwrap_or_default(),
                })
                .collect();
            depends_on(&mut modules, &needs);
            modules.push_str("}\n\n");
            files.push(File { name: path, text: inner.text });
        }
        let top: Vec<usize> =
            (0..self.plan.items.len()).filter(|n| !stages.contains_key(n)).collect();
        let waits = |n: &usize| {
            let needs = self.needs(&[*n], None, &stages);
            let stages = needs.iter().filter_map(|it| match it {
                Need::Stage(it) => symbols.get(it).cloned(),
                Need::Item(_) => None,
            });
            (*n, stages.collect::<Vec<String>>())
        };
        let waits: BTreeMap<usize, Vec<String>> = top.iter().map(waits).collect();
        let main = self.file(&top, &root, "modules/", &waits, &modules);
        files.insert(0, File { name: "main.bicep".to_owned(), text: main.text });
        files.extend(self.symbols().into_iter().flat_map(|it| it.files.drain(..)));
        Ok(files)
    }

    /// Values to give, and where secrets are taken from.
    fn values(&self) -> String {
        let mut out = String::from("using './main.bicep'\n");
        for (name, it) in &self.asked {
            let value = match it.holds {
                // A secret is never kept in a file.
                Holds::Secret => format!("readEnvironmentVariable('{}')", variable(name)),
                Holds::Text => quoted(&format!("<{}>", it.label)),
                Holds::Names => "[]".to_owned(),
            };
            let _ = write!(out, "\nparam {name} = {value}\n");
        }
        out
    }
}

fn versioned(it: &ArmResource) -> String {
    format!("{}@{}", it.arm_type, api_version(it))
}

fn is_parent(above: &ArmResource, it: &ArmResource) -> bool {
    let below = it.arm_type.strip_prefix(above.arm_type).and_then(|it| it.strip_prefix('/'));
    below.is_some_and(|it| !it.contains('/'))
        && above.scope == it.scope
        && it.name.starts_with(&above.name)
}

/// Hands parameters to a module, which calls them the same.
fn pass_on(out: &mut String, parameters: &BTreeSet<String>) {
    if !parameters.is_empty() {
        out.push_str("  params: {\n");
        for it in parameters {
            let _ = writeln!(out, "    {it}: {it}");
        }
        out.push_str("  }\n");
    }
}

fn depends_on(out: &mut String, needs: &[String]) {
    if !needs.is_empty() {
        out.push_str("  dependsOn: [\n");
        for it in needs {
            let _ = writeln!(out, "    {it}");
        }
        out.push_str("  ]\n");
    }
}

/// The path of a module, which every file system takes.
fn path(stage: &Stage, name: &str, taken: &mut BTreeSet<String>) -> String {
    // Short names stay numbered: some of three or four letters are devices on Windows.
    let first = name.strip_suffix("-1").filter(|it| stage.number == 1 && it.len() > 4);
    let plain = |it: char| if it.is_ascii_alphanumeric() || it == '-' { it } else { '_' };
    let base: String = first.unwrap_or(name).chars().map(plain).collect();
    let mut path = format!("modules/{base}.bicep");
    let mut n = 2;
    while !taken.insert(path.to_ascii_lowercase()) {
        path = format!("modules/{base}_{n}.bicep");
        n += 1;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::laws;

    #[test]
    fn texts_are_ascii_and_nothing_is_put_into_them() {
        assert_eq!(quoted("it's ${x} $x \\"), "'it\\'s \\${x} $x \\\\'");
        assert_eq!(quoted("a\n\u{e9}\u{1f680}\0"), "'a\\n\\u{e9}\\u{1f680}\\u{0}'");
        assert_eq!(quoted("$${"), "'$\\${'");
    }

    #[test]
    fn names_of_members_are_quoted_where_they_are_no_words() {
        assert_eq!(key("ipRules"), "ipRules");
        assert_eq!(key("1st"), "'1st'");
        assert_eq!(key("a-b"), "'a-b'");
    }

    #[test]
    fn paths_differ_on_every_file_system() {
        let mut taken = BTreeSet::new();
        let stage = |number| Stage { place: Place::Tenant, number };
        assert_eq!(path(&stage(1), "rg-ml-1", &mut taken), "modules/rg-ml.bicep");
        assert_eq!(path(&stage(1), "RG-ML-1", &mut taken), "modules/RG-ML_2.bicep");
        assert_eq!(path(&stage(2), "rg-ml-2", &mut taken), "modules/rg-ml-2.bicep");
        assert_eq!(path(&stage(1), "con-1", &mut taken), "modules/con-1.bicep");
        assert_eq!(path(&stage(1), "../x y\u{e9}-1", &mut taken), "modules/___x_y_.bicep");
    }
    /// "Strings", with the escapes that Bicep knows (azure-resource-manager/bicep/data-types#strings).
    #[test]
    fn bicep_gets_every_text_as_it_is() {
        for it in laws::portions().flatten() {
            let literal = quoted(&it);
            assert!(laws::is_plain(&literal));
            let inside = literal.strip_prefix('\'').unwrap().strip_suffix('\'').unwrap();
            let bare = ["\\\\", "\\'", "\\$"]
                .iter()
                .fold(inside.to_owned(), |it, escape| it.replace(escape, "_"));
            assert!(!bare.contains('\'') && !bare.contains("${"), "{literal}");
            let escape = |c: char, rest: &mut std::str::Chars<'_>| match c {
                'n' => Some('\n'),
                'r' => Some('\r'),
                't' => Some('\t'),
                '\'' | '\\' | '$' => Some(c),
                'u' => {
                    let code: String = rest.by_ref().take_while(|it| *it != '}').collect();
                    char::from_u32(u32::from_str_radix(code.strip_prefix('{')?, 16).ok()?)
                }
                _ => None,
            };
            assert_eq!(laws::unescaped(inside, escape), Some(it), "{literal}");
        }
    }
}
