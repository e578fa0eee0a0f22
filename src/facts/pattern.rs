//! Action strings of roles, matched as Azure does.
//!
//! Azure docs: "Understand Azure role definitions" (role-based-access-control/role-definitions),
//! "Azure custom roles" (…/custom-roles). Case does not count, and `*` stands for any run of
//! characters, `/` among them.

/// A pattern, prepared for many comparisons.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glob {
    /// In lower case.
    text: Box<str>,
    stars: u32,
}

impl Glob {
    pub fn new(pattern: &str) -> Glob {
        let text = pattern.trim().to_ascii_lowercase().into_boxed_str();
        let stars = u32::try_from(text.matches('*').count()).unwrap_or(u32::MAX);
        Glob { text, stars }
    }

    /// The one action it matches, if it has no wildcard.
    pub fn exact(&self) -> Option<&str> {
        (self.stars == 0).then_some(&*self.text)
    }

    /// `action` must be in lower case.
    pub fn matches(&self, action: &str) -> bool {
        match self.stars {
            0 => *self.text == *action,
            1 => match self.text.split_once('*') {
                Some((before, after)) => one_star(before, after, action),
                None => false,
            },
            _ => many_stars(self.text.as_bytes(), action.as_bytes()),
        }
    }
}

/// Whether one pattern, in any case, matches one action, in any case.
pub fn matches(pattern: &str, action: &str) -> bool {
    let pattern = pattern.trim();
    match pattern.split_once('*') {
        None => pattern.eq_ignore_ascii_case(action),
        Some((_, after)) if after.contains('*') => {
            Glob::new(pattern).matches(&action.to_ascii_lowercase())
        }
        Some((before, after)) => one_star(before, after, action),
    }
}

fn one_star(before: &str, after: &str, action: &str) -> bool {
    let (before, after, action) = (before.as_bytes(), after.as_bytes(), action.as_bytes());
    let Some((start, rest)) = action.split_at_checked(before.len()) else { return false };
    if !start.eq_ignore_ascii_case(before) {
        return false;
    }
    let end = rest.len().checked_sub(after.len()).and_then(|it| rest.get(it..));
    if end.is_some_and(|it| it.eq_ignore_ascii_case(after)) {
        return true;
    }
    // `X/*/Y` also matches `X/Y`: no page says so, but the documented effect of AzureML Data
    // Scientist, of Managed Identity Operator and of the custom role "can't delete the workspace"
    // in how-to-assign-roles all need it.
    before.ends_with(b"/")
        && after.strip_prefix(b"/").is_some_and(|it| it.eq_ignore_ascii_case(rest))
}

/// Azure refuses a second `*` in custom roles and uses none itself, so this only has to be right and
/// to end: it keeps the set of places that the pattern so far can reach.
fn many_stars(pattern: &[u8], action: &[u8]) -> bool {
    let mut reached = vec![false; action.len() + 1];
    reached.iter_mut().take(1).for_each(|it| *it = true);
    let mut rest = pattern;
    loop {
        rest = match rest {
            [] => return reached.last() == Some(&true),
            [b'/', b'*', b'/', tail @ ..] => {
                let mut inside = false;
                let mut next = vec![false; reached.len()];
                for ((it, from), to) in action.iter().zip(&reached).zip(next.iter_mut().skip(1)) {
                    *to = *it == b'/' && (inside || *from);
                    inside |= *it == b'/' && *from;
                }
                reached = next;
                tail
            }
            [b'*', tail @ ..] => {
                let mut seen = false;
                for it in &mut reached {
                    seen |= *it;
                    *it = seen;
                }
                tail
            }
            [literal, tail @ ..] => {
                let mut next = vec![false; reached.len()];
                for ((it, from), to) in action.iter().zip(&reached).zip(next.iter_mut().skip(1)) {
                    *to = it == literal && *from;
                }
                reached = next;
                tail
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        for action in yes {
            assert!(matches(pattern, action), "{pattern} should match {action}");
        }
        for action in no {
            assert!(!matches(pattern, action), "{pattern} should not match {action}");
        }
    }

    // role-definitions: "*/read" grants every read of every resource provider.
    #[test]
    fn a_star_runs_over_slashes() {
        check(
            "*/read",
            &["Microsoft.Storage/storageAccounts/blobServices/read", "A/read"],
            &["read"],
        );
        check("*", &["Microsoft.Authorization/roleAssignments/write"], &[]);
    }

    #[test]
    fn case_does_not_count() {
        check(
            "microsoft.storage/STORAGEACCOUNTS/listkeys/ACTION",
            &["Microsoft.Storage/storageAccounts/listKeys/action"],
            &["Microsoft.Storage/storageAccounts/regenerateKey/action"],
        );
    }

    #[test]
    fn a_trailing_star_needs_something_below() {
        check("X/y/*", &["X/y/read", "X/y/child/write"], &["X/y", "X/yz/read"]);
    }

    // how-to-assign-roles: AzureML Data Scientist may not delete the workspace.
    #[test]
    fn a_star_between_slashes_may_be_nothing() {
        let workspaces = "Microsoft.MachineLearningServices/workspaces";
        check(
            "Microsoft.MachineLearningServices/workspaces/*/delete",
            &[
                &format!("{workspaces}/delete"),
                &format!("{workspaces}/computes/delete"),
                &format!("{workspaces}/a/b/delete"),
            ],
            &[&format!("{workspaces}/write"), "Microsoft.MachineLearningServices/delete"],
        );
        check("X/*/Y", &["X/Y", "X/a/Y"], &["XY", "X/aY", "X/Ya"]);
    }

    #[test]
    fn the_two_ends_never_share_a_character() {
        check("ab*ba", &["abba", "ab/ba"], &["aba"]);
    }

    #[test]
    fn several_stars_are_read_too() {
        check("a/*/b/*", &["a/b/c", "a/x/b/c", "a/x/y/b/c/d"], &["a/b", "a/c/d"]);
        check("*a*b*", &["ab", "xaybz"], &["ba"]);
    }

    #[test]
    fn a_hostile_pattern_ends() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!matches(&pattern, &"a".repeat(2000)));
    }
}
