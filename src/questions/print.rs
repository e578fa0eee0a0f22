//! Answers as text, for the command line.

use std::fmt::Write as _;

use super::{
    Filter, Rights,
    review::{Topic, review},
    takeover::takeover,
    wide::wide,
};
use crate::{
    design::Design,
    kinds::ResourceId,
    report,
    solve::Outcome,
    text::{Lang, Message, arg, text},
};

/// Which question `access` answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Every right that somebody has.
    Everything,
    /// What this identity can do.
    Who(ResourceId),
    /// Who can do what with this resource, and who cannot.
    On(ResourceId),
    Takeover(ResourceId),
    Wide,
}

/// The answer to one question, a line or a few for each.
pub fn access_page(design: &Design, question: Question, lang: Lang) -> String {
    match question {
        Question::Everything => rights(design, Filter::default(), false, lang),
        Question::Who(it) => {
            rights(design, Filter { identity: Some(it), ..Filter::default() }, false, lang)
        }
        Question::On(it) => {
            rights(design, Filter { resource: Some(it), ..Filter::default() }, true, lang)
        }
        Question::Takeover(it) => chains(design, it, lang),
        Question::Wide => uses(design, lang),
    }
}

fn rights(design: &Design, filter: Filter, denied: bool, lang: Lang) -> String {
    let facts = report::facts(&design.resources);
    let rights = Rights::new(&design.resources, &facts);
    let mut out = String::new();
    for it in rights.find(&filter) {
        if it.outcome == Outcome::Denied && !denied {
            continue;
        }
        line(
            &mut out,
            &format!(
                "{}  {}  {}  {}  [{}]",
                it.outcome.label().get(lang),
                facts.name(it.identity),
                facts.name(it.resource),
                it.capability.label.get(lang),
                it.capability.id,
            ),
        );
        for step in rights.why(&it) {
            line(&mut out, &format!("    {}", step.text.render(lang)));
        }
    }
    out
}

fn chains(design: &Design, identity: ResourceId, lang: Lang) -> String {
    let facts = report::facts(&design.resources);
    let mut out = String::new();
    for it in takeover(&design.resources, &facts, identity) {
        let what = it.capability.label.get(lang);
        let head = format!("{}  {}  {what}", it.outcome.label().get(lang), facts.name(it.resource));
        line(&mut out, &format!("{head}  [{}]", it.capability.id));
        for (n, step) in it.steps.iter().enumerate() {
            line(&mut out, &format!("    {}. {}", n + 1, step.text.render(lang)));
        }
    }
    out
}

fn uses(design: &Design, lang: Lang) -> String {
    let mut out = String::new();
    for it in wide(design) {
        line(&mut out, &it.what.render(lang));
        let count = arg(it.needed_by.len());
        let used: Message = if it.is_unused() {
            text("no operation of this design needs it", "このデザインの操作には不要です").into()
        } else {
            text("operations that need it: {0}", "必要とする操作: {0} 件").with([count])
        };
        line(&mut out, &format!("    {}", used.render(lang)));
        if let Some((title, _)) = &it.instead {
            line(&mut out, &format!("    > {}", title.render(lang)));
        }
    }
    out
}

/// What to look at before a design is deployed; empty where there is nothing.
pub fn review_page(design: &Design, lang: Lang) -> String {
    let facts = report::facts(&design.resources);
    let all = review(&design.resources, &facts);
    let mut out = String::new();
    for topic in Topic::ALL {
        let mut of_topic = all.iter().filter(|it| it.topic == topic).peekable();
        if of_topic.peek().is_some() {
            line(&mut out, topic.label().get(lang));
        }
        for it in of_topic {
            line(&mut out, &format!("    {}", it.text.render(lang)));
        }
    }
    out
}

/// Names may hold line breaks, which must not look like more of the answer.
fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{}", report::one_line(text));
}
