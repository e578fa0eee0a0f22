//! Conditions on role assignments (ABAC), read and evaluated with three truth values.
//!
//! Azure docs: "Azure role assignment condition format and syntax" (role-based-access-control/
//! conditions-format); examples in "Example conditions for Blob Storage" (storage/blobs/
//! storage-auth-abac-examples), "Examples to delegate Azure role assignment management with
//! conditions" (role-based-access-control/delegate-role-assignments-examples) and "Azure ABAC
//! repository permissions" (container-registry/container-registry-rbac-abac-repository-permissions).
//!
//! What the question does not say is unknown, and what cannot be read is unknown as a whole: a
//! condition is never taken to hold because we failed to understand it.

use std::collections::{BTreeMap, BTreeSet};

use super::pattern;

/// Kleene's three values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Truth {
    False,
    Unknown,
    True,
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl From<bool> for Truth {
    fn from(it: bool) -> Truth {
        if it { Truth::True } else { Truth::False }
    }
}

/// What is known about a request beside its action, by attribute as conditions write it:
/// `@Request[Microsoft.ContainerRegistry/registries/repositories:name]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes {
    values: BTreeMap<String, Vec<String>>,
    /// Such as `Blob.List`; a plain read has none.
    pub sub_operation: Option<String>,
}

impl Attributes {
    /// Nothing is known.
    pub const NONE: &'static Attributes = {
        static NONE: Attributes = Attributes { values: BTreeMap::new(), sub_operation: None };
        &NONE
    };

    /// An empty list of values says that the attribute does not exist.
    #[must_use]
    pub fn with<V: Into<String>>(
        mut self,
        attribute: &str,
        values: impl IntoIterator<Item = V>,
    ) -> Attributes {
        self.values
            .insert(attribute.to_ascii_lowercase(), values.into_iter().map(V::into).collect());
        self
    }
}

/// What a condition is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    pub action: &'a str,
    /// Resource id; names of resources are read from it.
    pub scope: &'a str,
    pub attributes: &'a Attributes,
}

/// A condition, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// `None` where the text is not understood.
    expr: Option<Expr>,
}

impl Condition {
    pub fn parse(text: &str) -> Condition {
        Condition { expr: parse(text) }
    }

    /// Whether it is understood at all.
    pub fn is_readable(&self) -> bool {
        self.expr.is_some()
    }

    /// Whether it holds. What would have to be known is added to `missing`.
    pub fn evaluate(&self, context: Context<'_>, missing: &mut BTreeSet<String>) -> Truth {
        match &self.expr {
            Some(expr) => expr.evaluate(context, missing),
            None => Truth::Unknown,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    ActionMatches(Vec<String>),
    SubOperationMatches(Vec<String>),
    Exists(String),
    Compare { left: Operand, over: Over, test: Test, negated: bool, right: Operand },
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Operand {
    /// As written, in lower case: `@resource[…:name]`.
    Attribute(String),
    Values(Vec<String>),
}

/// How two lists of values are compared: `ForAnyOfAllValues` is `any` on the left, `all` on the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Over {
    all_left: bool,
    all_right: bool,
}

/// How two values are compared. The `…Not…` operators are the negation of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equals { case: bool },
    StartsWith { case: bool },
    Like { case: bool },
    Guid,
    Bool,
    Number(Order),
    DateTime(Order),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Less,
    LessOrEqual,
    Equal,
    GreaterOrEqual,
    Greater,
}

impl Order {
    fn holds(self, it: std::cmp::Ordering) -> bool {
        match self {
            Order::Less => it.is_lt(),
            Order::LessOrEqual => it.is_le(),
            Order::Equal => it.is_eq(),
            Order::GreaterOrEqual => it.is_ge(),
            Order::Greater => it.is_gt(),
        }
    }
}

impl Expr {
    fn evaluate(&self, context: Context<'_>, missing: &mut BTreeSet<String>) -> Truth {
        match self {
            Expr::All(parts) => combine(parts, Truth::False, context, missing),
            Expr::Any(parts) => combine(parts, Truth::True, context, missing),
            Expr::Not(inner) => !inner.evaluate(context, missing),
            Expr::ActionMatches(patterns) => {
                patterns.iter().any(|it| pattern::matches(it, context.action)).into()
            }
            Expr::SubOperationMatches(names) => {
                let asked = context.attributes.sub_operation.as_deref().unwrap_or("");
                names.iter().any(|it| it.eq_ignore_ascii_case(asked)).into()
            }
            Expr::Exists(name) => match value_of(name, context) {
                Some(values) => (!values.is_empty()).into(),
                None => unknown(name, missing),
            },
            Expr::Compare { left, over, test, negated, right } => {
                let (left, right) = (left.resolve(context), right.resolve(context));
                match (left, right) {
                    (Ok(left), Ok(right)) => compare(&left, *over, *test, *negated, &right),
                    (left, right) => {
                        for name in [left.err(), right.err()].into_iter().flatten() {
                            unknown(name, missing);
                        }
                        Truth::Unknown
                    }
                }
            }
        }
    }
}

fn unknown(name: &str, missing: &mut BTreeSet<String>) -> Truth {
    missing.insert(name.to_owned());
    Truth::Unknown
}

/// `decides` is the value of a part that settles the whole: false for AND, true for OR. What a
/// settled whole did not need to know is not missing.
fn combine(
    parts: &[Expr],
    decides: Truth,
    context: Context<'_>,
    missing: &mut BTreeSet<String>,
) -> Truth {
    let mut needed = BTreeSet::new();
    let mut so_far = !decides;
    for part in parts {
        let value = part.evaluate(context, &mut needed);
        if value == decides {
            return decides;
        }
        if value == Truth::Unknown {
            so_far = Truth::Unknown;
        }
    }
    missing.append(&mut needed);
    so_far
}

impl Operand {
    /// The values, or the name of the attribute that is not known.
    fn resolve(&self, context: Context<'_>) -> Result<Vec<String>, &str> {
        match self {
            Operand::Values(values) => Ok(values.clone()),
            Operand::Attribute(name) => value_of(name, context).ok_or(name),
        }
    }
}

/// What is known of an attribute: told by the question, or part of the id of the resource.
fn value_of(name: &str, context: Context<'_>) -> Option<Vec<String>> {
    if let Some(values) = context.attributes.values.get(name) {
        return Some(values.clone());
    }
    let (source, inner) = name.strip_suffix(']')?.split_once('[')?;
    if inner == "suboperation" {
        return Some(context.attributes.sub_operation.iter().cloned().collect());
    }
    let of_resource = matches!(source, "@resource" | "@request");
    let kind = inner.strip_suffix(":name").filter(|_| of_resource)?;
    name_in_id(context.scope, kind).map(|it| vec![it.to_owned()])
}

/// The name of the resource of type `kind` (lower case) that the id lies in, or is.
fn name_in_id<'a>(id: &'a str, kind: &str) -> Option<&'a str> {
    let mut wanted = kind.split('/');
    // An id may hold several providers, the last one being an extension of the first.
    let tail = id.to_ascii_lowercase().rfind("/providers/").and_then(|at| id.get(at..))?;
    let mut segments = tail.split('/').skip(2);
    if !segments.next()?.eq_ignore_ascii_case(wanted.next()?) {
        return None;
    }
    let mut name = None;
    for wanted in wanted {
        if !segments.next()?.eq_ignore_ascii_case(wanted) {
            return None;
        }
        name = Some(segments.next()?);
    }
    name
}

fn compare(left: &[String], over: Over, test: Test, negated: bool, right: &[String]) -> Truth {
    // An attribute that does not exist equals nothing; what "not equal" makes of it, the docs do
    // not say.
    if left.is_empty() || right.is_empty() {
        return if negated { Truth::Unknown } else { Truth::False };
    }
    let one = |a: &String| {
        fold(
            over.all_right,
            right.iter().map(|b| {
                let value = compare_values(test, a, b);
                if negated { !value } else { value }
            }),
        )
    };
    fold(over.all_left, left.iter().map(one))
}

fn fold(all: bool, values: impl Iterator<Item = Truth>) -> Truth {
    if all { values.min().unwrap_or(Truth::True) } else { values.max().unwrap_or(Truth::False) }
}

fn compare_values(test: Test, a: &str, b: &str) -> Truth {
    let folded = |case: bool| {
        if case { (a.to_owned(), b.to_owned()) } else { (a.to_lowercase(), b.to_lowercase()) }
    };
    match test {
        Test::Equals { case } => {
            let (a, b) = folded(case);
            (a == b).into()
        }
        Test::StartsWith { case } => {
            let (a, b) = folded(case);
            a.starts_with(&b).into()
        }
        Test::Like { case } => {
            let (a, b) = folded(case);
            like(&b, &a).into()
        }
        // A role definition may be named by its whole id.
        Test::Guid => {
            let bare = |it: &str| it.rsplit('/').next().unwrap_or("").to_ascii_lowercase();
            (bare(a) == bare(b)).into()
        }
        Test::Bool => a.eq_ignore_ascii_case(b).into(),
        Test::Number(order) => match (a.parse::<i64>(), b.parse::<i64>()) {
            (Ok(a), Ok(b)) => order.holds(a.cmp(&b)).into(),
            _ => Truth::Unknown,
        },
        // To the second, both in UTC; anything else is not compared.
        Test::DateTime(order) => match (to_the_second(a), to_the_second(b)) {
            (Some(a), Some(b)) if a != b => order.holds(a.cmp(b)).into(),
            _ => Truth::Unknown,
        },
    }
}

fn to_the_second(it: &str) -> Option<&str> {
    let head = it.get(..19)?;
    let utc = it.ends_with('Z');
    let shape = head.bytes().zip("0000-00-00T00:00:00".bytes()).all(|(it, shape)| match shape {
        b'0' => it.is_ascii_digit(),
        other => it == other,
    });
    (utc && shape).then_some(head)
}

/// `*` any run, `?` one character, `\` takes the next character as it is.
fn like(pattern: &str, value: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    let mut reached = vec![false; value.len() + 1];
    reached.iter_mut().take(1).for_each(|it| *it = true);
    let mut chars = pattern.chars();
    while let Some(it) = chars.next() {
        if it == '*' {
            let mut seen = false;
            for place in &mut reached {
                seen |= *place;
                *place = seen;
            }
            continue;
        }
        let (any, literal) = match it {
            '?' => (true, '?'),
            '\\' => (false, chars.next().unwrap_or('\\')),
            other => (false, other),
        };
        let mut next = vec![false; reached.len()];
        for ((it, from), to) in value.iter().zip(&reached).zip(next.iter_mut().skip(1)) {
            *to = *from && (any || *it == literal);
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

/// Deeper than any condition that Azure takes (it limits them to 8 kB), and shallow enough for the
/// stack of a browser.
const DEEPEST: usize = 64;

fn parse(text: &str) -> Option<Expr> {
    let tokens = tokenize(text)?;
    let mut parser = Parser { tokens: &tokens, depth: 0 };
    let expr = parser.any()?;
    parser.tokens.is_empty().then_some(expr)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Open,
    Close,
    OpenSet,
    CloseSet,
    Comma,
    And,
    Or,
    Not,
    /// `@Resource[…]`, in lower case.
    Attribute(String),
    Quoted(String),
    /// An operator, a number, a GUID, `true`.
    Word(String),
}

fn tokenize(text: &str) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, tail) = match first {
            '(' => (Token::Open, rest.get(1..)?),
            ')' => (Token::Close, rest.get(1..)?),
            '{' => (Token::OpenSet, rest.get(1..)?),
            '}' => (Token::CloseSet, rest.get(1..)?),
            ',' => (Token::Comma, rest.get(1..)?),
            '!' => (Token::Not, rest.get(1..)?),
            '&' => (Token::And, rest.strip_prefix("&&")?),
            '|' => (Token::Or, rest.strip_prefix("||")?),
            '\'' => {
                let (value, tail) = rest.get(1..)?.split_once('\'')?;
                (Token::Quoted(value.to_owned()), tail)
            }
            '@' => {
                let (name, tail) = rest.split_once(']')?;
                (Token::Attribute(format!("{name}]").to_ascii_lowercase()), tail)
            }
            _ => {
                let end = rest
                    .find(|it: char| it.is_whitespace() || "(){},!&|'@".contains(it))
                    .unwrap_or(rest.len());
                let (word, tail) = rest.split_at(end);
                let token = match word.to_ascii_uppercase().as_str() {
                    "AND" => Token::And,
                    "OR" => Token::Or,
                    "NOT" => Token::Not,
                    _ => Token::Word(word.to_owned()),
                };
                (token, tail)
            }
        };
        tokens.push(token);
        rest = tail.trim_start();
    }
    Some(tokens)
}

struct Parser<'a> {
    tokens: &'a [Token],
    depth: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.first()
    }

    fn next(&mut self) -> Option<Token> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first.clone())
    }

    fn expect(&mut self, token: &Token) -> Option<()> {
        (self.next()? == *token).then_some(())
    }

    /// The page asks for parentheses where AND and OR meet, so that their order never matters.
    fn any(&mut self) -> Option<Expr> {
        let mut parts = vec![self.all()?];
        while self.peek() == Some(&Token::Or) {
            self.next();
            parts.push(self.all()?);
        }
        Some(one_or(parts, Expr::Any))
    }

    fn all(&mut self) -> Option<Expr> {
        let mut parts = vec![self.unary()?];
        while self.peek() == Some(&Token::And) {
            self.next();
            parts.push(self.unary()?);
        }
        Some(one_or(parts, Expr::All))
    }

    fn unary(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let expr = match self.peek()? {
            Token::Not => {
                self.next();
                Expr::Not(Box::new(self.unary()?))
            }
            Token::Open => {
                self.next();
                let inner = self.any()?;
                self.expect(&Token::Close)?;
                inner
            }
            Token::Word(word) => {
                let word = word.to_ascii_lowercase();
                match word.as_str() {
                    "actionmatches" => {
                        self.next();
                        Expr::ActionMatches(self.set()?)
                    }
                    "suboperationmatches" => {
                        self.next();
                        Expr::SubOperationMatches(self.set()?)
                    }
                    "exists" | "notexists" => {
                        self.next();
                        let Token::Attribute(name) = self.next()? else { return None };
                        let exists = Expr::Exists(name);
                        if word == "exists" { exists } else { Expr::Not(Box::new(exists)) }
                    }
                    _ => self.comparison()?,
                }
            }
            _ => self.comparison()?,
        };
        self.depth -= 1;
        Some(expr)
    }

    fn comparison(&mut self) -> Option<Expr> {
        let left = self.operand()?;
        let Token::Word(operator) = self.next()? else { return None };
        let (over, name) = match operator.split_once(':') {
            Some((over, name)) => (quantifier(over)?, name),
            None => (Over { all_left: false, all_right: false }, operator.as_str()),
        };
        let (test, negated) = operator_of(name)?;
        let right = self.operand()?;
        Some(Expr::Compare { left, over, test, negated, right })
    }

    fn operand(&mut self) -> Option<Operand> {
        if self.peek() == Some(&Token::OpenSet) {
            return Some(Operand::Values(self.set()?));
        }
        match self.next()? {
            Token::Attribute(name) => Some(Operand::Attribute(name)),
            Token::Quoted(value) | Token::Word(value) => Some(Operand::Values(vec![value])),
            _ => None,
        }
    }

    /// `{'a', 'b'}`, `{guid, guid}`.
    fn set(&mut self) -> Option<Vec<String>> {
        self.expect(&Token::OpenSet)?;
        let mut values = Vec::new();
        loop {
            match self.next()? {
                Token::Quoted(value) | Token::Word(value) => values.push(value),
                _ => return None,
            }
            match self.next()? {
                Token::Comma => {}
                Token::CloseSet => return Some(values),
                _ => return None,
            }
        }
    }
}

fn one_or(mut parts: Vec<Expr>, wrap: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            wrap(parts)
        }
        None => wrap(parts),
    }
}

fn quantifier(word: &str) -> Option<Over> {
    let over = |all_left, all_right| Some(Over { all_left, all_right });
    match word.to_ascii_lowercase().as_str() {
        "foranyofanyvalues" => over(false, false),
        "forallofanyvalues" => over(true, false),
        "foranyofallvalues" => over(false, true),
        "forallofallvalues" => over(true, true),
        _ => None,
    }
}

fn operator_of(name: &str) -> Option<(Test, bool)> {
    let name = name.to_ascii_lowercase();
    let numbers = [("numeric", true), ("datetime", false)];
    for (prefix, numeric) in numbers {
        if let Some(rest) = name.strip_prefix(prefix) {
            let (order, negated) = match rest {
                "equals" => (Order::Equal, false),
                "notequals" => (Order::Equal, true),
                "lessthan" => (Order::Less, false),
                "lessthanequals" => (Order::LessOrEqual, false),
                "greaterthan" => (Order::Greater, false),
                "greaterthanequals" => (Order::GreaterOrEqual, false),
                _ => return None,
            };
            let test = if numeric { Test::Number(order) } else { Test::DateTime(order) };
            return Some((test, negated));
        }
    }
    let both = |test| match name.as_str() {
        it if it.ends_with("notequals") => Some((test, true)),
        it if it.ends_with("equals") => Some((test, false)),
        _ => None,
    };
    if name.starts_with("guid") {
        return both(Test::Guid).filter(|_| name.len() <= "guidnotequals".len());
    }
    if name.starts_with("bool") {
        return both(Test::Bool).filter(|_| name.len() <= "boolnotequals".len());
    }
    let rest = name.strip_prefix("string")?;
    let (rest, case) = match rest.strip_suffix("ignorecase") {
        Some(rest) => (rest, false),
        None => (rest, true),
    };
    let (rest, negated) = match rest.strip_prefix("not") {
        Some(rest) => (rest, true),
        None => (rest, false),
    };
    let test = match rest {
        "equals" => Test::Equals { case },
        "startswith" => Test::StartsWith { case },
        "like" => Test::Like { case },
        _ => return None,
    };
    Some((test, negated))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTAINER: &str = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/\
                             storageAccounts/st/blobServices/default/containers/";
    const READ: &str = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read";

    fn truth(condition: &str, action: &str, scope: &str, attributes: &Attributes) -> Truth {
        let condition = Condition::parse(condition);
        assert!(condition.is_readable(), "the condition was not understood");
        let context = Context { action, scope, attributes };
        condition.evaluate(context, &mut BTreeSet::new())
    }

    /// storage-auth-abac-examples, "Read, write, or delete blobs in named containers".
    const NAMED_CONTAINER: &str = "(
 (
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'})
  AND
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'})
 )
 OR
 (
  @Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'blobs-example-container'
 )
)";

    #[test]
    fn only_the_named_container_is_read() {
        let none = Attributes::default();
        let at = |name: &str| format!("{CONTAINER}{name}");
        assert_eq!(
            truth(NAMED_CONTAINER, READ, &at("blobs-example-container"), &none),
            Truth::True
        );
        assert_eq!(truth(NAMED_CONTAINER, READ, &at("other"), &none), Truth::False);
        // StringEquals minds case.
        assert_eq!(
            truth(NAMED_CONTAINER, READ, &at("Blobs-Example-Container"), &none),
            Truth::False
        );
    }

    #[test]
    fn an_action_that_the_condition_does_not_name_passes() {
        let action = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read";
        let scope = format!("{CONTAINER}other");
        assert_eq!(truth(NAMED_CONTAINER, action, &scope, &Attributes::default()), Truth::True);
    }

    #[test]
    fn a_container_that_is_not_told_is_missing() {
        let account = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Storage/\
                       storageAccounts/st";
        let mut missing = BTreeSet::new();
        let attributes = Attributes::default();
        let context = Context { action: READ, scope: account, attributes: &attributes };
        let value = Condition::parse(NAMED_CONTAINER).evaluate(context, &mut missing);
        assert_eq!(value, Truth::Unknown);
        let name = "@resource[microsoft.storage/storageaccounts/blobservices/containers:name]";
        assert_eq!(missing, BTreeSet::from([name.to_owned()]));
    }

    /// storage-auth-abac-examples, "Read or list blobs in named containers with a path".
    const PATH: &str = "(
 (
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'} AND NOT SubOperationMatches{'Blob.List'})
 )
 OR
 (
  @Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'c'
  AND
  @Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path] StringLike 'readonly/*'
 )
)
AND
(
 (
  !(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'} AND SubOperationMatches{'Blob.List'})
 )
 OR
 (
  @Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'c'
  AND
  @Request[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:prefix] StringStartsWith 'readonly/'
 )
)";

    #[test]
    fn reading_asks_for_the_path_and_listing_for_the_prefix() {
        let blobs = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs";
        let path = format!("@Resource[{blobs}:path]");
        let prefix = format!("@Request[{blobs}:prefix]");
        let scope = format!("{CONTAINER}c");
        let check = |attributes: Attributes, expect| {
            assert_eq!(truth(PATH, READ, &scope, &attributes), expect);
        };
        let list = Attributes { sub_operation: Some("Blob.List".into()), ..Attributes::default() };
        check(Attributes::default().with(&path, ["readonly/a.csv"]), Truth::True);
        check(Attributes::default().with(&path, ["a.csv"]), Truth::False);
        check(Attributes::default(), Truth::Unknown);
        check(list.clone().with(&prefix, ["readonly/x"]), Truth::True);
        check(list.with(&prefix, [""]), Truth::False);
    }

    /// container-registry-rbac-abac-repository-permissions.
    #[test]
    fn a_repository_by_name_or_by_prefix() {
        let pull = "Microsoft.ContainerRegistry/registries/repositories/content/read";
        let name = "@Request[Microsoft.ContainerRegistry/registries/repositories:name]";
        let check = |test: &str, repository: &str, expect| {
            let condition = format!("((!(ActionMatches{{'{pull}'}})) OR ({name} {test}))");
            let attributes = Attributes::default().with(name, [repository]);
            assert_eq!(truth(&condition, pull, "/", &attributes), expect, "{test} {repository}");
        };
        check("StringEqualsIgnoreCase 'nginx'", "NGINX", Truth::True);
        check("StringEqualsIgnoreCase 'nginx'", "nginx2", Truth::False);
        check("StringStartsWithIgnoreCase 'backend/'", "backend/nginx", Truth::True);
        check("StringStartsWithIgnoreCase 'backend/'", "backend-infra/k8s", Truth::False);
        check("StringStartsWithIgnoreCase 'backend'", "backend-infra/k8s", Truth::True);
    }

    /// delegate-role-assignments-examples, "Constrain roles and principal types".
    const DELEGATED: &str = "((!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})) OR (@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {5e467623-bb1f-42f4-a55d-6e525e11384b, a795c7a0-d4a2-40c1-ae25-d81f01202912} AND @Request[Microsoft.Authorization/roleAssignments:PrincipalType] ForAnyOfAnyValues:StringEqualsIgnoreCase {'User', 'Group'})) AND ((!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})) OR (@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {5e467623-bb1f-42f4-a55d-6e525e11384b, a795c7a0-d4a2-40c1-ae25-d81f01202912}))";

    #[test]
    fn a_delegate_may_assign_only_the_listed_roles_to_the_listed_types() {
        let role = "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]";
        let kind = "@Request[Microsoft.Authorization/roleAssignments:PrincipalType]";
        let write = "Microsoft.Authorization/roleAssignments/write";
        let check = |guid: &str, to: &str, expect| {
            let attributes = Attributes::default().with(role, [guid]).with(kind, [to]);
            assert_eq!(truth(DELEGATED, write, "/subscriptions/s1", &attributes), expect);
        };
        check("A795C7A0-d4a2-40c1-ae25-d81f01202912", "user", Truth::True);
        check("a795c7a0-d4a2-40c1-ae25-d81f01202912", "ServicePrincipal", Truth::False);
        check("8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "User", Truth::False);
        let unknown = Attributes::default();
        assert_eq!(truth(DELEGATED, write, "/subscriptions/s1", &unknown), Truth::Unknown);
    }

    // conditions-format, "Operator examples".
    #[test]
    fn the_operator_examples_of_the_page() {
        let check = |condition: &str, expect: bool| {
            let value = truth(condition, "a", "/", &Attributes::default());
            assert_eq!(value, expect.into(), "{condition}");
        };
        check("'abcd' StringLike 'a*c?'", true);
        check("'abcd' StringLike 'A*C?'", false);
        check("'abcd' StringLikeIgnoreCase 'A*C?'", true);
        check("'abcd' StringLike 'a*c'", false);
        check(r"'a*' StringLike 'a\*'", true);
        check(r"'ab' StringLike 'a\*'", false);
        check("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}", true);
        check("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}", false);
        check("{'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}", true);
        check("{'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}", false);
        check("{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}", true);
        check("{10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}", false);
        check("{10, 20} ForAllOfAllValues:NumericLessThan {25, 30}", true);
        check("{10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}", false);
        check("'a' StringNotEquals 'b' && NOT ('a' StringEquals 'b')", true);
        check("'2026-05-01T13:00:00.0Z' DateTimeGreaterThan '2026-04-01T00:00:00.0Z'", true);
    }

    #[test]
    fn an_attribute_that_does_not_exist() {
        let tag = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/\
                   tags:Project<$key_case_sensitive$>]";
        let absent = Attributes::default().with(tag, Vec::<String>::new());
        assert_eq!(truth(&format!("Exists {tag}"), "a", "/", &absent), Truth::False);
        assert_eq!(truth(&format!("NotExists {tag}"), "a", "/", &absent), Truth::True);
        assert_eq!(truth(&format!("{tag} StringEquals 'x'"), "a", "/", &absent), Truth::False);
        let unknown = Attributes::default();
        assert_eq!(truth(&format!("Exists {tag}"), "a", "/", &unknown), Truth::Unknown);
    }

    #[test]
    fn what_is_not_understood_is_unknown_and_never_holds() {
        let attributes = Attributes::default();
        let context = Context { action: "a", scope: "/", attributes: &attributes };
        let deep = "(".repeat(100_000) + "'a' StringEquals 'a'" + &")".repeat(100_000);
        let not = "!".repeat(100_000);
        for text in ["", "nonsense", "'a' StringMatches 'a'", "'a' StringEquals", "(", &deep, &not]
        {
            let value = Condition::parse(text).evaluate(context, &mut BTreeSet::new());
            assert_eq!(value, Truth::Unknown);
        }
    }
}
