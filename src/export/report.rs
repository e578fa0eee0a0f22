//! The report as documents to hand on: Markdown, and a page with the picture in it, each in English and
//! Japanese.
//!
//! What people typed is text in both. In Markdown every mark is escaped; the page is written without script
//! and loads nothing. Characters that nobody sees or that turn the reading direction are written as `U+202E`.
//!
//! `CommonMark` 0.31.2, "Backslash escapes"; HTML Standard, "Writing HTML documents".

use std::{borrow::Cow, collections::BTreeSet, fmt::Write, net::Ipv4Addr};

use super::{Basis, Exporter, File, Refused};
use crate::{
    design::Design,
    facts::{
        Facts,
        grant::{Denied, LockLevel, Origin, PrincipalId},
        name::Zone,
    },
    kinds::ResourceId,
    report::{self, Operation, Report},
    solve::{Outcome, Step},
    text::{Lang, Text, arg, text},
};

pub const EXPORTER: Exporter = Exporter {
    id: "report",
    title: text("Report", "レポート"),
    help: text(
        "verdicts with reasons, grants, DNS records and addresses, as a page to print and as Markdown, in English and Japanese",
        "判定とその理由、権限、DNS レコード、アドレスを、印刷できるページと Markdown に、英語と日本語で書き出します",
    ),
    run,
};

#[expect(clippy::unnecessary_wraps, reason = "other exporters refuse")]
fn run(basis: &Basis<'_>) -> Result<Vec<File>, Refused> {
    let design = basis.design;
    let facts = report::facts(&design.resources);
    let report = report::assess_on(design, &facts);
    let picture = basis.picture().carrying("");
    let mut files = Vec::new();
    for lang in [Lang::En, Lang::Ja] {
        let blocks = Writer { design, facts: &facts, report: &report, lang }.blocks();
        let name = |end: &str| format!("report.{}.{end}", lang.code());
        let blocks: Vec<Block> = blocks.into_iter().map(Block::visible).collect();
        files.push(File { name: name("html"), text: html(design, &blocks, &picture, lang) });
        files.push(File { name: name("md"), text: markdown(&blocks) });
    }
    Ok(files)
}

/// A part of the document.
enum Block {
    /// Depth and words.
    Heading(usize, String),
    Text(String),
    /// Depth and words of each line.
    List(Vec<(usize, String)>),
    /// Lines as they are.
    Quote(String),
    /// The first row is the head.
    Table(Vec<Vec<String>>),
    Picture,
}

impl Block {
    /// The same without what nobody sees.
    fn visible(self) -> Block {
        let seen = |it: String| match visible(&it) {
            Cow::Owned(it) => it,
            Cow::Borrowed(_) => it,
        };
        match self {
            Block::Heading(depth, it) => Block::Heading(depth, seen(it)),
            Block::Text(it) => Block::Text(seen(it)),
            Block::List(all) => {
                Block::List(all.into_iter().map(|(depth, it)| (depth, seen(it))).collect())
            }
            // Its line breaks are wanted.
            Block::Quote(it) => {
                Block::Quote(it.lines().map(visible).collect::<Vec<_>>().join("\n"))
            }
            Block::Table(rows) => {
                let row = |it: Vec<String>| it.into_iter().map(seen).collect();
                Block::Table(rows.into_iter().map(row).collect())
            }
            Block::Picture => Block::Picture,
        }
    }
}

struct Writer<'a> {
    design: &'a Design,
    facts: &'a Facts,
    report: &'a Report,
    lang: Lang,
}

impl Writer<'_> {
    fn say(&self, it: Text) -> String {
        it.get(self.lang).to_owned()
    }

    fn heading(&self, it: Text) -> Block {
        Block::Heading(2, self.say(it))
    }

    fn table<const N: usize>(&self, head: [Text; N], rows: Vec<[String; N]>, none: Text) -> Block {
        if rows.is_empty() {
            return Block::Text(self.say(none));
        }
        let head = head.map(|it| self.say(it)).to_vec();
        Block::Table(std::iter::once(head).chain(rows.into_iter().map(Vec::from)).collect())
    }

    fn name(&self, id: ResourceId) -> String {
        self.design.get(id).map_or_else(|| "?".to_owned(), |it| it.name.clone())
    }

    fn blocks(&self) -> Vec<Block> {
        let title = if self.design.name.is_empty() {
            self.say(text("Untitled design", "無題のデザイン"))
        } else {
            self.design.name.clone()
        };
        let mut all = vec![Block::Heading(1, title)];
        if !self.design.description.is_empty() {
            all.push(Block::Text(self.design.description.clone()));
        }
        all.push(Block::Text(report::summary(self.report, self.lang)));
        all.push(Block::Text(self.say(text(
            "Judged from the design alone, by the rules of Azure's documentation; nothing was tried in Azure.",
            "デザインの内容だけを、Azure のドキュメントの規則に基づいて判定しています。Azure 上では何も実行していません。",
        ))));
        all.push(Block::Picture);
        self.operations(&mut all);
        self.problems(&mut all);
        self.questions(&mut all);
        self.grants(&mut all);
        self.records(&mut all);
        self.addresses(&mut all);
        all
    }

    fn operations(&self, all: &mut Vec<Block>) {
        all.push(self.heading(text("Operations", "操作")));
        let (works, rest): (Vec<&Operation>, Vec<&Operation>) =
            self.report.operations.iter().partition(|it| it.outcome == Outcome::Allowed);
        if self.report.operations.is_empty() {
            all.push(Block::Text(self.say(text(
                "The design has no operation to judge.",
                "判定する操作がデザインにありません。",
            ))));
        }
        for it in rest {
            self.operation(it, all);
        }
        if !works.is_empty() {
            all.push(Block::Heading(3, Outcome::Allowed.label().get(self.lang).to_owned()));
            let line = |it: &&Operation| {
                (0, format!("{} ({})", it.title.get(self.lang), it.subject.render(self.lang)))
            };
            all.push(Block::List(works.iter().map(line).collect()));
        }
    }

    fn operation(&self, it: &Operation, all: &mut Vec<Block>) {
        let outcome = it.outcome.label().get(self.lang);
        let title = it.title.get(self.lang);
        let subject = it.subject.render(self.lang);
        all.push(Block::Heading(3, format!("{outcome}: {title} ({subject})")));
        let gates = it.gates.iter().map(|(gate, outcome)| {
            format!("{}: {}", gate.label().get(self.lang), outcome.label().get(self.lang))
        });
        all.push(Block::Text(gates.collect::<Vec<String>>().join(", ")));
        if let Some(symptom) = &it.symptom {
            let place = symptom.place.get(self.lang);
            all.push(Block::Text(format!("{}: {place}", self.say(text("Shows", "表示")))));
            if !symptom.text.is_empty() {
                all.push(Block::Quote(symptom.text.clone()));
            }
        }
        let mut lines = Vec::new();
        for need in &it.needs {
            let outcome = need.outcome.label().get(self.lang);
            lines.push((0, format!("{}: {outcome}", need.what.render(self.lang))));
            if need.outcome != Outcome::Allowed {
                lines.extend(need.trace.steps.iter().map(|it| (1, self.step(it))));
            }
        }
        for note in &it.notes {
            let label = self.say(text("Note", "注"));
            lines.push((0, format!("{label}: {}", note.render(self.lang))));
        }
        all.push(Block::List(lines));
    }

    fn step(&self, it: &Step) -> String {
        let hop = it.hop.label().get(self.lang);
        let outcome = it.outcome.label().get(self.lang);
        let mut line = [hop, " (", outcome, "): "].concat();
        it.text.write(&mut line, self.lang);
        if let Some(at) = it.at {
            line.extend([" [", self.design.get(at).map_or("?", |it| &it.name), "]"]);
        }
        if it.assumed {
            line.push_str(&self.say(text(" (assumed)", " (仮定)")));
        }
        line
    }

    fn problems(&self, all: &mut Vec<Block>) {
        all.push(self.heading(text("Design", "設計")));
        let rows = self.report.diagnostics.iter().map(|it| {
            let names: Vec<String> = it.at.iter().map(|it| self.name(*it)).collect();
            let severity = self.say(it.severity.label());
            let field = it.field.clone().unwrap_or_default();
            [severity, names.join(", "), field, it.text.render(self.lang)]
        });
        all.push(self.table(
            [
                text("Severity", "重要度"),
                text("Resource", "リソース"),
                text("Setting", "設定"),
                text("What is wrong, and what to do", "問題と対処"),
            ],
            rows.collect(),
            text("Nothing is wrong with the design itself.", "デザイン自体に問題はありません。"),
        ));
    }

    /// What the design does not say, and what was taken for granted instead.
    fn questions(&self, all: &mut Vec<Block>) {
        all.push(self.heading(text("Open questions", "未確定の点")));
        let mut lines = BTreeSet::new();
        for (id, gaps) in &self.facts.gaps {
            for gap in gaps {
                lines.insert(format!("{}: {}", self.name(*id), gap.render(self.lang)));
            }
        }
        for need in self.report.operations.iter().flat_map(|it| &it.needs) {
            let open = |it: &&Step| it.outcome == Outcome::Unknown || it.assumed;
            for step in need.trace.steps.iter().filter(open) {
                lines.insert(self.step(step));
            }
        }
        all.push(if lines.is_empty() {
            Block::Text(self.say(text("None.", "ありません。")))
        } else {
            Block::List(lines.into_iter().map(|it| (0, it)).collect())
        });
    }

    fn principal(&self, id: PrincipalId) -> String {
        let known = self.facts.grants.principals.get(&id);
        known.map_or_else(|| self.name(ResourceId(id.0)), |it| it.name.clone())
    }

    fn grants(&self, all: &mut Vec<Block>) {
        let grants = &self.facts.grants;
        all.push(self.heading(text("Role assignments", "ロールの割り当て")));
        let rows = grants.assignments.iter().map(|it| {
            let role = usize::try_from(it.role.0).ok().and_then(|n| grants.roles.get(n));
            let origin = match it.origin {
                Origin::Assigned => text("In the design", "デザイン内"),
                Origin::Platform => text("By Azure itself", "Azure による自動付与"),
            };
            [
                self.principal(it.principal),
                role.map_or_else(String::new, |it| it.name.clone()),
                grants.scopes.text(it.scope).to_owned(),
                it.condition.clone().unwrap_or_default(),
                self.say(origin),
            ]
        });
        let scope = text("Scope", "スコープ");
        all.push(self.table(
            [
                text("Who", "プリンシパル"),
                text("Role", "ロール"),
                scope,
                text("Condition", "条件"),
                text("Origin", "付与元"),
            ],
            rows.collect(),
            text("None.", "ありません。"),
        ));
        let denials = grants.deny_assignments.iter().map(|it| {
            let whom = match &it.principals {
                Denied::Everyone => self.say(text("everyone", "全員")),
                Denied::These(all) => {
                    let names: Vec<String> = all.iter().map(|it| self.principal(*it)).collect();
                    names.join(", ")
                }
            };
            let kind = text("Deny assignment", "拒否割り当て");
            [self.say(kind), it.name.clone(), whom, grants.scopes.text(it.scope).to_owned()]
        });
        let locks = grants.locks.iter().map(|it| {
            let level = match it.level {
                LockLevel::CanNotDelete => "CanNotDelete",
                LockLevel::ReadOnly => "ReadOnly",
            };
            let kind = self.say(text("Lock", "ロック"));
            [kind, it.name.clone(), level.to_owned(), grants.scopes.text(it.scope).to_owned()]
        });
        let rows: Vec<[String; 4]> = denials.chain(locks).collect();
        if !rows.is_empty() {
            all.push(self.heading(text("Denials and locks", "拒否とロック")));
            let head = [
                text("Kind", "種類"),
                text("Name", "名前"),
                text("Whom or level", "対象またはレベル"),
                scope,
            ];
            all.push(self.table(head, rows, text("None.", "ありません。")));
        }
    }

    /// A zone by its own name where Azure makes it with a resource of another kind.
    fn zone_name(&self, id: ResourceId, zone: &Zone) -> String {
        let made = self.facts.services.contains_key(&id);
        if made { zone.name.clone() } else { self.name(id) }
    }

    /// The private DNS records that the design needs, and who writes them.
    fn records(&self, all: &mut Vec<Block>) {
        all.push(self.heading(text("DNS records", "DNS レコード")));
        let mut rows = Vec::new();
        let listed = |all: &[Ipv4Addr]| {
            all.iter().map(ToString::to_string).collect::<Vec<String>>().join(", ")
        };
        for (id, endpoint) in &self.facts.private_endpoints {
            let service = self.facts.services.get(&endpoint.target);
            let group = service.and_then(|it| {
                it.links.iter().find(|it| it.group.eq_ignore_ascii_case(&endpoint.group))
            });
            for record in group.into_iter().flat_map(|it| &it.records) {
                let mut given: Vec<Ipv4Addr> = Vec::new();
                for (member, address) in &endpoint.addresses {
                    if member.eq_ignore_ascii_case(&record.member) || endpoint.addresses.len() == 1
                    {
                        given.push(*address);
                    }
                }
                let address = if given.is_empty() {
                    self.say(text("assigned on creation", "作成時に割り当て"))
                } else {
                    listed(&given)
                };
                let in_zone = |it: &&ResourceId| {
                    self.facts.zones.get(it).is_some_and(|it| it.name == record.zone)
                };
                let writer = if endpoint.zones.iter().any(|it| in_zone(&it)) {
                    text("the DNS zone group of {0}", "{0} の DNS ゾーン グループ")
                } else {
                    text("nobody yet: create it for {0}", "未作成: {0} のために作成が必要")
                };
                let writer = writer.with([arg(self.name(*id))]).render(self.lang);
                rows.push([record.zone.clone(), record.label.clone(), address, writer]);
            }
        }
        for zone in self.facts.zones.values() {
            rows.extend(zone.records.iter().map(|it| {
                let writer = self.say(text("In the design", "デザイン内"));
                [zone.name.clone(), it.label.clone(), listed(&it.addresses), writer]
            }));
        }
        all.push(self.table(
            [
                text("Zone", "ゾーン"),
                text("Name", "名前"),
                text("Address", "アドレス"),
                text("Written by", "作成元"),
            ],
            rows,
            text("None.", "ありません。"),
        ));
        let mut lines = Vec::new();
        for (id, zone) in &self.facts.zones {
            let networks: Vec<String> = zone.links.iter().map(|it| self.name(it.network)).collect();
            let line = if networks.is_empty() {
                text(
                    "{0} is linked to no network",
                    "{0} はどのネットワークにもリンクされていません",
                )
                .with([arg(self.zone_name(*id, zone))])
            } else {
                text("{0} is linked to {1}", "{0} は {1} にリンクされています")
                    .with([arg(self.zone_name(*id, zone)), arg(networks.join(", "))])
            };
            lines.push((0, line.render(self.lang)));
        }
        if !lines.is_empty() {
            all.push(Block::List(lines));
        }
    }

    fn addresses(&self, all: &mut Vec<Block>) {
        all.push(self.heading(text("Address plan", "アドレス計画")));
        let mut rows = Vec::new();
        let named = |it: Option<ResourceId>| it.map_or_else(String::new, |it| self.name(it));
        for (id, network) in &self.facts.networks {
            let space: Vec<String> = network.space.iter().map(ToString::to_string).collect();
            let none = String::new;
            rows.push([self.name(*id), none(), space.join(", "), none(), none(), none()]);
            let inside = self.facts.subnets.iter().filter(|(_, it)| it.network == *id);
            for (subnet, it) in inside {
                let prefixes: Vec<String> = it.prefixes.iter().map(ToString::to_string).collect();
                // "Azure reserves the first four addresses and the last address" of each subnet
                // (virtual-network/virtual-networks-faq).
                let free: u64 = it.prefixes.iter().map(|it| it.size().saturating_sub(5)).sum();
                rows.push([
                    String::new(),
                    self.name(*subnet),
                    prefixes.join(", "),
                    free.to_string(),
                    named(it.filter),
                    named(it.routes),
                ]);
            }
        }
        all.push(self.table(
            [
                text("Network", "ネットワーク"),
                text("Subnet", "サブネット"),
                text("Addresses", "アドレス範囲"),
                text("Usable", "使用可能数"),
                text("NSG", "NSG"),
                text("Route table", "ルート テーブル"),
            ],
            rows,
            text("The design has no virtual network.", "デザインに仮想ネットワークがありません。"),
        ));
    }
}

/// Words without line breaks, and without what nobody sees or what turns the reading direction.
fn visible(it: &str) -> Cow<'_, str> {
    if it.bytes().all(begins_nothing_unseen) || it.chars().all(is_visible) {
        return Cow::Borrowed(it);
    }
    let mut out = String::with_capacity(it.len() + 16);
    for c in it.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if is_visible(c) => out.push(c),
            c => {
                let _ = write!(out, "U+{:04X}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// Whether no character that [`is_visible`] refuses has this byte at its beginning, in UTF-8. Nearly every
/// text is of such bytes alone.
fn begins_nothing_unseen(it: u8) -> bool {
    matches!(it, b' '..=b'~' | 0x80..=0xc1 | 0xc3..=0xd7 | 0xd9..=0xe0 | 0xe3..=0xee)
}

fn is_visible(c: char) -> bool {
    let unseen = matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{e0000}'..='\u{e007f}'
    );
    !unseen && !c.is_control() && u32::from(c) & 0xfffe != 0xfffe
}

/// Words in Markdown: no mark means anything.
#[cfg(test)]
fn marked(it: &str) -> String {
    let mut out = String::new();
    mark(&mut out, &visible(it));
    out
}

/// The same for what is visible already, at the end of `out`.
fn mark(out: &mut String, it: &str) {
    const MARKS: Bytes = bytes(b"!#$&()*+-.:<=>@[\\]^_`{|}~");
    replace(out, it.trim(), &MARKS, |out, c| match c {
        // As references, so that no reader of another dialect finds an address or a tag in them.
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        ':' => out.push_str("&#58;"),
        '@' => out.push_str("&#64;"),
        c => out.extend(['\\', c]),
    });
}

/// A set of ASCII characters, asked for each byte of a document.
type Bytes = [bool; 256];

#[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
const fn bytes(all: &[u8]) -> Bytes {
    let mut set = [false; 256];
    let mut rest = all;
    while let [first, more @ ..] = rest {
        set[*first as usize] = true;
        rest = more;
    }
    set
}

/// Adds `it` to `out` with another spelling of some characters, all of them ASCII.
fn replace(out: &mut String, it: &str, which: &Bytes, spell: impl Fn(&mut String, char)) {
    let is_one = |it: u8| which.get(usize::from(it)).is_some_and(|it| *it);
    let mut rest = it;
    while let Some((before, after)) =
        rest.bytes().position(is_one).and_then(|at| rest.split_at_checked(at))
    {
        out.push_str(before);
        let mut signs = after.chars();
        if let Some(c) = signs.next() {
            spell(out, c);
        }
        rest = signs.as_str();
    }
    out.push_str(rest);
}

/// About as many bytes as a document has, marks included: a text of megabytes is moved each time that it grows.
fn length(blocks: &[Block]) -> usize {
    const MARKS: usize = 16;
    let of = |it: &Block| match it {
        Block::Heading(_, it) | Block::Text(it) | Block::Quote(it) => it.len(),
        Block::List(all) => all.iter().map(|it| it.1.len() + MARKS).sum(),
        Block::Table(rows) => rows.iter().flatten().map(|it| it.len() + MARKS).sum(),
        Block::Picture => 0,
    };
    blocks.iter().map(|it| of(it) + MARKS).sum()
}

fn markdown(blocks: &[Block]) -> String {
    let mut out = String::with_capacity(length(blocks) * 9 / 8);
    for it in blocks {
        match it {
            Block::Heading(depth, it) => {
                out.extend(std::iter::repeat_n('#', *depth));
                out.push(' ');
                mark(&mut out, it);
                out.push_str("\n\n");
            }
            Block::Text(it) => {
                mark(&mut out, it);
                out.push_str("\n\n");
            }
            Block::List(lines) => {
                for (depth, it) in lines {
                    out.extend(std::iter::repeat_n("  ", *depth));
                    out.push_str("- ");
                    mark(&mut out, it);
                    out.push('\n');
                }
                out.push('\n');
            }
            // Indented lines are taken as they are.
            Block::Quote(it) => {
                for line in it.lines() {
                    out.extend(["    ", line, "\n"]);
                }
                out.push('\n');
            }
            Block::Table(rows) => {
                for (n, row) in rows.iter().enumerate() {
                    for it in row {
                        out.push_str("| ");
                        mark(&mut out, it);
                        out.push(' ');
                    }
                    out.push_str("|\n");
                    if n == 0 {
                        let _ = writeln!(out, "|{}", " --- |".repeat(row.len()));
                    }
                }
                out.push('\n');
            }
            Block::Picture => {}
        }
    }
    out
}

const STYLE: &str = "body{font:14px/1.5 'Segoe UI','Yu Gothic UI',sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#201f1e}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #c8c6c4;padding:.25rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
pre{background:#f3f2f1;padding:.5rem;white-space:pre-wrap;overflow-wrap:anywhere}
svg{max-width:100%;height:auto}
h1,h2,h3,li{overflow-wrap:anywhere}
@media print{body{margin:0;max-width:none}h2,h3{break-after:avoid}tr,pre,svg{break-inside:avoid}thead{display:table-header-group}}";

/// Words in a page.
fn plain(it: &str) -> String {
    let mut out = String::new();
    words(&mut out, it);
    out
}

/// The same at the end of `out`.
fn words(out: &mut String, it: &str) {
    const MARKUP: Bytes = bytes(b"<>&\"'");
    replace(out, it, &MARKUP, |out, c| {
        out.push_str(match c {
            '<' => "&#x3c;",
            '>' => "&#x3e;",
            '&' => "&#x26;",
            '"' => "&#x22;",
            _ => "&#x27;",
        });
    });
}

fn html(design: &Design, blocks: &[Block], picture: &str, lang: Lang) -> String {
    let mut out = String::with_capacity(picture.len() + length(blocks) * 9 / 8);
    let _ = writeln!(out, "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>", lang.code());
    // Nothing but the style above may come into effect, whatever stands in the page.
    out.push_str("<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
    let _ = writeln!(
        out,
        "<title>{}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>",
        plain(&visible(&design.name))
    );
    for it in blocks {
        match it {
            Block::Heading(depth, it) => {
                let _ = writeln!(out, "<h{depth}>{}</h{depth}>", plain(it));
            }
            Block::Text(it) => {
                out.push_str("<p>");
                words(&mut out, it);
                out.push_str("</p>\n");
            }
            Block::List(lines) => list(&mut out, lines),
            Block::Quote(it) => {
                let lines: Vec<String> = it.lines().map(plain).collect();
                let _ = writeln!(out, "<pre>{}</pre>", lines.join("\n"));
            }
            Block::Table(rows) => {
                out.push_str("<table>\n");
                for (n, row) in rows.iter().enumerate() {
                    let cell = if n == 0 { "th" } else { "td" };
                    out.push_str(if n == 0 { "<thead><tr>" } else { "<tr>" });
                    for it in row {
                        out.extend(["<", cell, ">"]);
                        words(&mut out, it);
                        out.extend(["</", cell, ">"]);
                    }
                    out.push_str(if n == 0 { "</tr></thead>\n<tbody>\n" } else { "</tr>\n" });
                }
                out.push_str("</tbody>\n</table>\n");
            }
            Block::Picture => out.push_str(picture),
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// Lines of depth 1 stand below the line of depth 0 before them.
fn list(out: &mut String, lines: &[(usize, String)]) {
    out.push_str("<ul>\n");
    let mut lines = lines.iter().peekable();
    while let Some((depth, it)) = lines.next() {
        let next = lines.peek().map_or(0, |it| it.0);
        let after = match (depth, next) {
            (0, 0) | (1.., 1..) => "</li>\n",
            (0, _) => "<ul>\n",
            _ => "</li></ul></li>\n",
        };
        out.push_str("<li>");
        words(out, it);
        out.push_str(after);
    }
    out.push_str("</ul>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::laws;

    #[test]
    fn nothing_typed_is_a_mark_in_markdown() {
        assert_eq!(marked("# a | *b* `c`"), "\\# a \\| \\*b\\* \\`c\\`");
        assert_eq!(marked("![x](y) <b>"), "\\!\\[x\\]\\(y\\) &lt;b&gt;");
        assert_eq!(marked("http://x me@y"), "http&#58;//x me&#64;y");
        assert_eq!(marked("a\n# b"), "a \\# b");
    }

    #[test]
    fn what_nobody_sees_is_shown() {
        assert_eq!(visible("a\u{202e}b\u{200b}\0"), "aU+202EbU+200BU+0000");
        assert_eq!(visible("日本語 é"), "日本語 é");
        for c in (0..=0x10_ffff).filter_map(char::from_u32).filter(|it| !is_visible(*it)) {
            let mut bytes = [0; 4];
            let first = c.encode_utf8(&mut bytes).as_bytes()[0];
            assert!(!begins_nothing_unseen(first), "{c:?}");
        }
    }

    #[test]
    fn lists_nest_where_lines_do() {
        let mut out = String::new();
        let lines = [(0, "a"), (1, "b"), (1, "c"), (0, "d"), (1, "e")];
        list(&mut out, &lines.map(|(depth, it)| (depth, it.to_owned())));
        let flat = out.replace('\n', "");
        assert_eq!(
            flat,
            "<ul><li>a<ul><li>b</li><li>c</li></ul></li><li>d<ul><li>e</li></ul></li></ul>"
        );
    }
    /// Whatever dialect reads it: words, and nothing else.
    #[test]
    fn markdown_gets_every_text_as_words() {
        use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        for texts in laws::portions() {
            let mut document = String::new();
            let mut expected = Vec::new();
            for it in &texts {
                let words = visible(it).trim().to_owned();
                if !words.is_empty() {
                    let _ = writeln!(document, "{}\n", marked(it));
                    expected.push(words);
                }
            }
            let mut found: Vec<String> = Vec::new();
            for it in Parser::new_ext(&document, options) {
                match it {
                    Event::Start(Tag::Paragraph) => found.push(String::new()),
                    Event::Text(it) => found.last_mut().unwrap().push_str(&it),
                    Event::End(TagEnd::Paragraph) => {}
                    other => panic!("{other:?} in {document}"),
                }
            }
            assert_eq!(found, expected);
        }
    }
}
