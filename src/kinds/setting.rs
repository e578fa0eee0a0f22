//! Settings of a kind, declared once: the Rust type, the ARM name, the labels, the default.
//!
//! A design keeps settings as JSON under ARM's own property paths (`networkAcls.defaultAction`), so
//! that unknown ones survive and one inspector edits them all. A kind reads them into a typed struct
//! made by [`settings!`]; what cannot be read becomes a [`Problem`] that names the field.

use std::net::Ipv4Addr;

use serde_json::{Map, Value};

use super::{Kind, ResourceId};
use crate::{
    facts::cidr::Cidr,
    text::{Message, Text, arg, text},
};

/// The settings of one resource as they stand in the file.
pub type Settings = Map<String, Value>;

/// One setting of a kind, for the inspector, the file and the exporters.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Path below ARM's `properties`, or a name of ours where ARM has none.
    pub key: &'static str,
    pub label: Text,
    /// What the setting decides, in a sentence; shown under the control.
    pub help: Text,
    pub shape: Shape,
    pub default: fn() -> Value,
    /// For references: the kinds that may stand there. Empty otherwise.
    pub targets: &'static [Kind],
    /// For references: how the line on the canvas is drawn; `None` draws no line.
    pub relation: Option<Relation>,
}

impl Field {
    /// Whether two kinds mean the same by this setting, so that one control may set both.
    pub fn agrees_with(&self, other: &Field) -> bool {
        self.key == other.key
            && self.label == other.label
            && self.targets == other.targets
            && self.shape.agrees_with(&other.shape)
    }
}

/// What values a setting takes, and so which control edits it.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    Bool,
    Number {
        min: u32,
        max: u32,
    },
    /// One line of free text.
    Text,
    /// One line of free text, with the values people mostly want.
    Suggested(&'static [Choice]),
    /// Several lines of free text.
    LongText,
    Choice(&'static [Choice]),
    /// An IPv4 prefix.
    Cidr,
    /// An IPv4 address.
    Address,
    /// One line of text in a form of its own, such as ports; the function says what is wrong with it.
    Parsed(fn(&Value) -> Result<(), Vec<Problem>>),
    /// Another resource of the design; the kinds are in [`Field::targets`].
    Reference,
    /// May be left empty.
    Optional(&'static Shape),
    List(&'static Shape),
    /// A row of named cells; a list of rows is edited as a table.
    Row(&'static [Field]),
}

impl Shape {
    /// Whether a value may hold references.
    pub fn refers(&self) -> bool {
        match self {
            Shape::Reference => true,
            Shape::Optional(inner) | Shape::List(inner) => inner.refers(),
            Shape::Row(cells) => cells.iter().any(|it| it.shape.refers()),
            _ => false,
        }
    }

    /// Whether both take the same values.
    fn agrees_with(&self, other: &Shape) -> bool {
        match (self, other) {
            (Shape::Number { min, max }, Shape::Number { min: least, max: most }) => {
                (min, max) == (least, most)
            }
            (Shape::Suggested(a), Shape::Suggested(b)) | (Shape::Choice(a), Shape::Choice(b)) => {
                a == b
            }
            (Shape::Parsed(a), Shape::Parsed(b)) => std::ptr::fn_addr_eq(*a, *b),
            (Shape::Optional(a), Shape::Optional(b)) | (Shape::List(a), Shape::List(b)) => {
                a.agrees_with(b)
            }
            (Shape::Row(a), Shape::Row(b)) => {
                a.len() == b.len() && a.iter().zip(*b).all(|(a, b)| a.agrees_with(b))
            }
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// One value of a closed set, spelled as in ARM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: &'static str,
    pub label: Text,
}

/// How two resources belong together: what the line between them means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    Network,
    PrivateLink,
    Identity,
    Data,
}

impl Relation {
    pub const ALL: [Relation; 4] =
        [Relation::Network, Relation::PrivateLink, Relation::Identity, Relation::Data];

    pub const fn label(self) -> Text {
        match self {
            Relation::Network => text("Network", "ネットワーク"),
            Relation::PrivateLink => text("Private link", "プライベート リンク"),
            Relation::Identity => text("Identity", "ID"),
            Relation::Data => text("Data", "データ"),
        }
    }

    pub const fn slug(self) -> &'static str {
        match self {
            Relation::Network => "network",
            Relation::PrivateLink => "private-link",
            Relation::Identity => "identity",
            Relation::Data => "data",
        }
    }
}

/// Something wrong with one setting, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Key of the field, with row numbers for lists: `securityRules[2].priority`.
    pub field: String,
    pub text: Message,
}

impl Problem {
    pub fn new(field: impl Into<String>, text: impl Into<Message>) -> Problem {
        Problem { field: field.into(), text: text.into() }
    }

    /// The same problem, named from one level further out.
    #[must_use]
    pub fn within(self, outer: &str) -> Problem {
        Problem { field: join(outer, &self.field), ..self }
    }
}

/// A type that a setting can have.
pub trait Setting: Sized {
    const SHAPE: Shape;
    /// Reads a value. The error says what would be right.
    fn read(value: &Value) -> Result<Self, Vec<Problem>>;
    fn write(&self) -> Value;
}

/// A reference to another resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ref(pub ResourceId);

fn wrong(text: impl Into<Message>) -> Vec<Problem> {
    vec![Problem { field: String::new(), text: text.into() }]
}

impl Setting for bool {
    const SHAPE: Shape = Shape::Bool;

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        value
            .as_bool()
            .ok_or_else(|| wrong(text("must be true or false", "true か false を指定してください")))
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Setting for u32 {
    const SHAPE: Shape = Shape::Number { min: 0, max: u32::MAX };

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        value.as_u64().and_then(|it| u32::try_from(it).ok()).ok_or_else(|| {
            wrong(text("must be a whole number of 0 or more", "0 以上の整数を指定してください"))
        })
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// A whole number with limits, such as a rule's priority (100 to 4096).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Within<const MIN: u32, const MAX: u32>(u32);

impl<const MIN: u32, const MAX: u32> Within<MIN, MAX> {
    pub fn new(n: u32) -> Option<Self> {
        (MIN..=MAX).contains(&n).then_some(Self(n))
    }

    /// `n`, or the nearest limit.
    pub const fn near(n: u32) -> Self {
        Self(if n < MIN {
            MIN
        } else if n > MAX {
            MAX
        } else {
            n
        })
    }

    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const MIN: u32, const MAX: u32> Setting for Within<MIN, MAX> {
    const SHAPE: Shape = Shape::Number { min: MIN, max: MAX };

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        u32::read(value).ok().and_then(Self::new).ok_or_else(|| {
            wrong(
                text(
                    "must be a whole number from {0} to {1}",
                    "{0} から {1} までの整数を指定してください",
                )
                .with([arg(MIN), arg(MAX)]),
            )
        })
    }

    fn write(&self) -> Value {
        Value::from(self.0)
    }
}

impl Setting for String {
    const SHAPE: Shape = Shape::Text;

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| wrong(text("must be a text", "文字列を指定してください")))
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

/// Declares a free text that comes with suggestions: a name in a set that Azure keeps extending.
macro_rules! suggested {
    ($(#[$meta:meta])* pub struct $name:ident = $choices:expr;) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl $name {
            pub fn new(it: impl Into<String>) -> Self { Self(it.into()) }

            pub fn as_str(&self) -> &str { &self.0 }
        }

        impl $crate::kinds::setting::Setting for $name {
            const SHAPE: $crate::kinds::setting::Shape =
                $crate::kinds::setting::Shape::Suggested($choices);

            fn read(
                value: &serde_json::Value,
            ) -> Result<Self, Vec<$crate::kinds::setting::Problem>> {
                <String as $crate::kinds::setting::Setting>::read(value).map(Self)
            }

            fn write(&self) -> serde_json::Value { serde_json::Value::from(self.0.as_str()) }
        }
    };
}

/// Makes choices out of a table of `crate::azure`, at compile time.
macro_rules! choices_of {
    ($table:expr, |$it:ident| $value:expr, $label:expr) => {{
        use $crate::kinds::setting::Choice;
        const N: usize = $table.len();
        #[allow(clippy::indexing_slicing, reason = "evaluated at compile time")]
        static ALL: [Choice; N] = {
            let mut all = [Choice { value: "", label: $crate::text::Text::same("") }; N];
            let mut n = 0;
            while n < N {
                let $it = &$table[n];
                all[n] = Choice { value: $value, label: $label };
                n += 1;
            }
            all
        };
        &ALL
    }};
}

suggested! {
    /// A region, such as `japaneast` (ARM: `location`).
    pub struct Region = choices_of!(crate::azure::regions::REGIONS, |it| it.name, it.label);
}

/// Label of a region setting.
pub const REGION: Text = text("Region", "リージョン");

/// Help of a region setting that may stay empty.
pub const REGION_HELP: Text =
    text("Empty means the region of the resource group", "空の場合はリソース グループのリージョン");

/// An id that Azure or Entra ID gives, such as `8e3af657-a8ff-443c-a75c-2fe8c4bcb635`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guid(String);

impl Guid {
    pub fn new(it: &str) -> Option<Guid> {
        let groups: Vec<&str> = it.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|it| it.len()).collect();
        let hex = groups.iter().all(|it| it.bytes().all(|it| it.is_ascii_hexdigit()));
        (hex && lengths == [8, 4, 4, 4, 12]).then(|| Guid(it.to_ascii_lowercase()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Setting for Guid {
    const SHAPE: Shape = Shape::Parsed(|it| Self::read(it).map(drop));

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let it = String::read(value)?;
        Guid::new(&it).ok_or_else(|| {
            wrong(
                text(
                    "{0} is not a GUID such as 00000000-0000-0000-0000-000000000000",
                    "{0} は 00000000-0000-0000-0000-000000000000 のような GUID ではありません",
                )
                .with([arg(&it)]),
            )
        })
    }

    fn write(&self) -> Value {
        Value::from(self.0.as_str())
    }
}

/// Text of several lines, such as a condition of a role assignment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LongText(pub String);

impl Setting for LongText {
    const SHAPE: Shape = Shape::LongText;

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        String::read(value).map(LongText)
    }

    fn write(&self) -> Value {
        Value::String(self.0.clone())
    }
}

impl Setting for Cidr {
    const SHAPE: Shape = Shape::Cidr;

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        use crate::facts::cidr::CidrError;
        let it = String::read(value)?;
        it.parse().map_err(|why| {
            wrong(match why {
                CidrError::Ipv6 => {
                    text("IPv6 is not supported yet", "IPv6 にはまだ対応していません").into()
                }
                CidrError::HostBits(near) => text(
                    "{0} has bits set after the prefix length; did you mean {1}?",
                    "{0} はプレフィックス長より後のビットが立っています。{1} ではありませんか?",
                )
                .with([arg(&it), arg(near)]),
                CidrError::Shape | CidrError::Length => text(
                    "{0} is not an IPv4 prefix such as 10.0.1.0/24",
                    "{0} は 10.0.1.0/24 のような IPv4 プレフィックスではありません",
                )
                .with([arg(&it)]),
            })
        })
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl Setting for Ipv4Addr {
    const SHAPE: Shape = Shape::Address;

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let it = String::read(value)?;
        it.parse().map_err(|_| {
            wrong(
                text(
                    "{0} is not an IPv4 address such as 10.0.1.4",
                    "{0} は 10.0.1.4 のような IPv4 アドレスではありません",
                )
                .with([arg(&it)]),
            )
        })
    }

    fn write(&self) -> Value {
        Value::String(self.to_string())
    }
}

impl Setting for Ref {
    const SHAPE: Shape = Shape::Reference;

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        value
            .as_u64()
            .and_then(|it| u32::try_from(it).ok())
            .map(|it| Ref(ResourceId(it)))
            .ok_or_else(|| {
                wrong(text(
                    "must be the number of a resource in this design",
                    "このデザインにあるリソースの番号を指定してください",
                ))
            })
    }

    fn write(&self) -> Value {
        Value::from(self.0.0)
    }
}

impl<T: Setting> Setting for Option<T> {
    const SHAPE: Shape = Shape::Optional(&T::SHAPE);

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        if value.is_null() { Ok(None) } else { T::read(value).map(Some) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Setting::write)
    }
}

impl<T: Setting> Setting for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn read(value: &Value) -> Result<Self, Vec<Problem>> {
        let Some(items) = value.as_array() else {
            return Err(wrong(text("must be a list", "リストを指定してください")));
        };
        let mut all = Vec::new();
        let mut problems = Vec::new();
        for (n, item) in items.iter().enumerate() {
            match T::read(item) {
                Ok(it) => all.push(it),
                Err(inner) => {
                    problems.extend(inner.into_iter().map(|it| it.within(&format!("[{n}]"))));
                }
            }
        }
        if problems.is_empty() { Ok(all) } else { Err(problems) }
    }

    fn write(&self) -> Value {
        self.iter().map(Setting::write).collect()
    }
}

/// `a` and `b` become `a.b`; an index is put on without a dot.
pub fn join(outer: &str, inner: &str) -> String {
    if inner.is_empty() || inner.starts_with('[') {
        format!("{outer}{inner}")
    } else {
        format!("{outer}.{inner}")
    }
}

/// One setting as it stands in the file. Most resources have few: to look at each is quicker than to
/// hash the key.
pub fn member<'s>(settings: &'s Settings, key: &str) -> Option<&'s Value> {
    if settings.len() > 12 {
        return settings.get(key);
    }
    settings.iter().find(|(it, _)| *it == key).map(|(_, value)| value)
}

/// Reads one member of a settings object. An absent one is none, and so is one that cannot be read,
/// which is said.
// Every field of every kind reads itself by this: inlined, it would be a tenth of the app.
#[inline(never)]
pub fn read_member<T: Setting>(
    settings: &Settings,
    key: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    match T::read(member(settings, key)?) {
        Ok(it) => Some(it),
        Err(inner) => {
            problems.extend(inner.into_iter().map(|it| it.within(key)));
            None
        }
    }
}

/// Declares a closed set of values, spelled as in ARM; the first is the default.
///
/// ```text
/// choice! {
///     /// Who reaches the public endpoint.
///     pub enum PublicNetworkAccess {
///         Enabled = "Enabled", text("Enabled", "有効");
///         Disabled = "Disabled", text("Disabled", "無効");
///     }
/// }
/// ```
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident {
        $($(#[$vmeta:meta])* $variant:ident = $value:literal, $label:expr;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant,)+ }

        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The value as ARM spells it.
            pub const fn value(self) -> &'static str {
                match self { $($name::$variant => $value,)+ }
            }
        }

        impl Default for $name {
            #[allow(clippy::indexing_slicing, reason = "the macro asks for at least one variant")]
            fn default() -> Self { Self::ALL[0] }
        }

        impl $crate::kinds::setting::Setting for $name {
            const SHAPE: $crate::kinds::setting::Shape = $crate::kinds::setting::Shape::Choice(&[
                $($crate::kinds::setting::Choice { value: $value, label: $label },)+
            ]);

            fn read(
                value: &serde_json::Value,
            ) -> Result<Self, Vec<$crate::kinds::setting::Problem>> {
                let n = $crate::kinds::setting::which(value, &[$($value),+])?;
                Ok(Self::ALL.get(n).copied().unwrap_or_default())
            }

            fn write(&self) -> serde_json::Value {
                serde_json::Value::from(self.value())
            }
        }
    };
}

/// The number of a value in a closed set. Azure compares such values without case.
pub fn which(value: &Value, values: &[&str]) -> Result<usize, Vec<Problem>> {
    let it = value.as_str().unwrap_or("");
    let n = values.iter().position(|known| known.eq_ignore_ascii_case(it));
    n.ok_or_else(|| not_a_choice(values))
}

/// The problem of a value outside a closed set.
pub fn not_a_choice(values: &[&str]) -> Vec<Problem> {
    wrong(
        text("must be one of: {0}", "次のいずれかを指定してください: {0}")
            .with([arg(values.join(", "))]),
    )
}

/// Declares the settings of a kind, or a row of a list, as a struct with its table of [`Field`]s.
///
/// A line is `name: Type = "armName", default, label, help;`, and for a reference
/// `…, to &[Kind::Subnet], Some(Relation::Network);` at its end.
macro_rules! settings {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$fmeta:meta])* $field:ident: $ty:ty = $key:literal, $default:expr, $label:expr, $help:expr
            $(, to $targets:expr, $relation:expr)?;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name { $($(#[$fmeta])* pub $field: $ty,)* }

        impl $name {
            pub const FIELDS: &'static [$crate::kinds::setting::Field] = &[$(
                $crate::kinds::setting::Field {
                    key: $key,
                    label: $label,
                    help: $help,
                    shape: <$ty as $crate::kinds::setting::Setting>::SHAPE,
                    default: || <$ty as $crate::kinds::setting::Setting>::write(&$default),
                    targets: settings!(@or &[] $(, $targets)?),
                    relation: settings!(@or None $(, $relation)?),
                },
            )*];

            /// The settings of a resource, read once; what cannot be read has its default.
            pub fn of(subject: $crate::kinds::Subject<'_>) -> std::sync::Arc<Self> {
                subject.all.0.settings(subject.id, || {
                    Self::from_settings(&subject.resource.settings, &mut Vec::new())
                })
            }

            /// Reads the settings; what cannot be read has its default and a problem by name.
            #[allow(unused_variables, reason = "a kind may have no settings at all")]
            pub fn from_settings(
                settings: &$crate::kinds::setting::Settings,
                problems: &mut Vec<$crate::kinds::setting::Problem>,
            ) -> Self {
                Self {
                    $($field: $crate::kinds::setting::read_member(settings, $key, problems)
                        .unwrap_or_else(|| $default),)*
                }
            }
        }

        impl Default for $name {
            fn default() -> Self { Self { $($field: $default,)* } }
        }

        impl $crate::kinds::setting::Setting for $name {
            const SHAPE: $crate::kinds::setting::Shape =
                $crate::kinds::setting::Shape::Row(Self::FIELDS);

            fn read(
                value: &serde_json::Value,
            ) -> Result<Self, Vec<$crate::kinds::setting::Problem>> {
                let Some(map) = value.as_object() else {
                    return Err($crate::kinds::setting::not_a_row());
                };
                let mut problems = Vec::new();
                let it = Self::from_settings(map, &mut problems);
                if problems.is_empty() { Ok(it) } else { Err(problems) }
            }

            #[allow(unused_mut, reason = "a kind may have no settings at all")]
            fn write(&self) -> serde_json::Value {
                let mut map = serde_json::Map::new();
                $(map.insert(
                    $key.to_owned(),
                    $crate::kinds::setting::Setting::write(&self.$field),
                );)*
                serde_json::Value::Object(map)
            }
        }
    };
    (@or $default:expr) => { $default };
    (@or $default:expr, $given:expr) => { $given };
}

/// Empties references to what is gone: an optional one becomes `null`, a list loses the item, and a
/// list of rows loses the row whose required reference is gone. Returns whether `value` itself is
/// to be dropped.
pub fn forget(shape: &Shape, value: &mut Value, gone: &dyn Fn(ResourceId) -> bool) -> bool {
    match shape {
        Shape::Reference => Ref::read(value).is_ok_and(|it| gone(it.0)),
        Shape::Optional(inner) => {
            if !value.is_null() && forget(inner, value, gone) {
                *value = Value::Null;
            }
            false
        }
        Shape::List(inner) => {
            if let Value::Array(items) = value {
                items.retain_mut(|it| !forget(inner, it, gone));
            }
            false
        }
        Shape::Row(cells) => cells.iter().any(|cell| {
            value.get_mut(cell.key).is_some_and(|value| forget(&cell.shape, value, gone))
        }),
        _ => false,
    }
}

/// The problem of a row that is not an object.
pub fn not_a_row() -> Vec<Problem> {
    wrong(text("must be an object", "オブジェクトを指定してください"))
}

pub(crate) use {choice, choices_of, settings, suggested};
