//! The fields of tenants and agents: a table each, from which follow what is stored, changed, audited, exported and allowed. Knows no
//! database, no file and no wire format; whoever handles all fields alike goes by [`Field`] and [`FieldValue`].

use std::ops::RangeInclusive;

use super::{
    AgentId, AgentType, FreeText,
    rules::{self, InvalidValue},
};

/// Who alone may change a field once the resource exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldOwner {
    /// Who runs the service.
    Operator,
    /// Who administers the tenant.
    TenantAdmin,
}

/// What stands in the table about a field.
#[derive(Debug)]
pub struct FieldRow {
    /// Its path in an update mask, its name in the audit log, its key in the file of settings.
    pub path: &'static str,
    /// Its column in the store.
    pub column: &'static str,
    /// What its values are.
    pub kind: FieldKind,
    /// The least and the most of a number; of a free text, in characters.
    pub range: RangeInclusive<u32>,
    /// Who changes it.
    pub owner: FieldOwner,
}

impl FieldRow {
    /// A number that is a value of this field.
    ///
    /// # Errors
    /// [`InvalidValue::OutOfRange`].
    pub fn validate_number(&self, number: i64) -> Result<u32, InvalidValue> {
        rules::validate_range(number, &self.range)
    }

    /// A text that is a value of this field.
    ///
    /// # Errors
    /// As [`FreeText::new`].
    pub fn validate_text(&self, text: &str) -> Result<FreeText, InvalidValue> {
        FreeText::new(text, &self.range)
    }
}

/// A field of a tenant or of an agent.
pub trait Field: Copy + PartialEq + 'static {
    /// All fields of the resource, in the order of the table.
    const ALL: &'static [Self];

    /// Its row of the table.
    fn row(self) -> &'static FieldRow;

    /// The field that a path of an update mask, or a key of a file, names.
    fn at(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.row().path == path)
    }
}

/// The values of all fields of a resource.
pub trait FieldSet: Clone + PartialEq {
    /// A field of the resource.
    type Field: Field;
    /// A change of some of them.
    type Update: FieldUpdate<Field = Self::Field, Fields = Self>;

    /// All values, in the order of the table.
    fn values(&self) -> Vec<FieldValue>;

    /// With the changed values.
    #[must_use]
    fn updated(&self, update: &Self::Update) -> Self;

    /// The update that makes any fields these.
    fn to_update(&self) -> Self::Update {
        let mut update = Self::Update::default();
        for (field, value) in Self::Field::ALL.iter().zip(self.values()) {
            update.set(*field, value);
        }
        update
    }
}

/// New values for some fields of a resource.
pub trait FieldUpdate: Default {
    /// A field of the resource.
    type Field: Field;
    /// All of them.
    type Fields;

    /// Takes a value in. One that is not of the field's kind counts as none.
    fn set(&mut self, field: Self::Field, value: FieldValue);

    /// All fields, if each has a value.
    fn complete(self) -> Option<Self::Fields>;
}

/// The kinds of values. Whoever stores, prints or reads them from a file has a `match` without a rest, so a new kind does not
/// compile until all of them know it; on the wire each field is matched.
macro_rules! kinds {
    ($($(#[$about:meta])* $kind:ident($type:ty);)*) => {
        /// What the values of a field are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum FieldKind {
            $($(#[$about])* $kind,)*
        }

        /// A value of any field.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum FieldValue {
            $($(#[$about])* $kind($type),)*
        }

        $(
            impl FieldType for $type {
                const KIND: FieldKind = FieldKind::$kind;

                fn from_value(value: FieldValue) -> Option<Self> {
                    if let FieldValue::$kind(value) = value { Some(value) } else { None }
                }
            }

            impl From<$type> for FieldValue {
                fn from(value: $type) -> Self {
                    Self::$kind(value)
                }
            }
        )*
    };
}

kinds! {
    /// Something that is on or off.
    Flag(bool);
    /// A limit.
    Number(u32);
    /// A BCP 47 tag; empty: none.
    LanguageCode(String);
    /// An agent of the tenant, if there is one.
    Agent(Option<AgentId>);
    /// What an agent may handle.
    AgentType(AgentType);
    /// Lines of the tenant's own.
    Text(FreeText);
}

/// The type of a field.
trait FieldType: Into<FieldValue> {
    const KIND: FieldKind;

    fn from_value(value: FieldValue) -> Option<Self>;
}

/// The range of daily polishes and of intelligent agents.
const LARGE: RangeInclusive<u32> = 0..=1_000_000_000;

macro_rules! fields {
    (@path $name:ident) => { stringify!($name) };
    (@path $name:ident $path:literal) => { $path };
    (@range) => { 0..=u32::MAX };
    (@range $range:expr) => { $range };
    (
        $(#[$about_fields:meta])* $Fields:ident($($start:ident: $start_type:ty)?), $Update:ident, $Field:ident:
        $($(#[$about:meta])*
        $Name:ident, $name:ident $(as $path:literal)?: $type:ty, $owner:ident, $default:expr $(, $range:expr)?;)*
    ) => {
        $(#[$about_fields])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Fields {
            $($(#[$about])* pub $name: $type,)*
        }

        impl $Fields {
            /// What a creator gets who sets nothing else.
            #[must_use]
            pub fn new($($start: $start_type)?) -> Self {
                Self { $($name: $default,)* }
            }
        }

        /// What an update changes: the fields that are `Some`.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $Update {
            $($(#[$about])* pub $name: Option<$type>,)*
        }

        /// The fields that an update may change. What is not here is output only.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $Field {
            $($(#[$about])* $Name,)*
        }

        impl Field for $Field {
            const ALL: &'static [Self] = &[$(Self::$Name,)*];

            fn row(self) -> &'static FieldRow {
                match self {
                    $(Self::$Name => const {
                        &FieldRow {
                            path: fields!(@path $name $($path)?),
                            column: stringify!($name),
                            kind: <$type as FieldType>::KIND,
                            range: fields!(@range $($range)?),
                            owner: FieldOwner::$owner,
                        }
                    },)*
                }
            }
        }

        impl FieldSet for $Fields {
            type Field = $Field;
            type Update = $Update;

            fn values(&self) -> Vec<FieldValue> {
                vec![$(self.$name.clone().into(),)*]
            }

            fn updated(&self, update: &$Update) -> Self {
                Self { $($name: update.$name.clone().unwrap_or_else(|| self.$name.clone()),)* }
            }
        }

        impl FieldUpdate for $Update {
            type Field = $Field;
            type Fields = $Fields;

            fn set(&mut self, field: $Field, value: FieldValue) {
                match field {
                    $($Field::$Name => {
                        self.$name = FieldType::from_value(value);
                        debug_assert!(self.$name.is_some(), "a value of another kind for {}", stringify!($name));
                    })*
                }
            }

            fn complete(self) -> Option<$Fields> {
                Some($Fields { $($name: self.$name?,)* })
            }
        }
    };
}

// A row: field, its name in Rust and its column (as its path, where that is another), type, owner, what a creator gets who does not
// set it, range of a number. Columns are added in migrations/.
fields! {
    /// What is decided about a tenant. The default is what `CreateTenant` takes for fields that are not set.
    TenantFields(), TenantUpdate, TenantField:

    /// The Refine response feature.
    RefineResponseEnabled, refine_response_enabled: bool, Operator, false;
    /// The agent bound to the tenant administrator. It may be created later.
    AdministratorAgent, administrator_agent: Option<AgentId>, Operator, None;
    /// How many agents may have Intelligent Recognition on at once. A limit below the number that have it on turns none off.
    IntelligentAgentLimit, intelligent_agent_limit: u32, Operator, 0, LARGE;
    /// BCP 47 tag of the language of its texts; empty: none.
    LanguageCode, language_code: String, TenantAdmin, String::new();
    /// Polishes in one conversation.
    ConversationPolishLimit, conversation_polish_limit: u32, TenantAdmin, 10, 1..=1_000;
    /// Polishes of one agent in one UTC day.
    AgentDailyPolishLimit, agent_daily_polish_limit: u32, Operator, 500, LARGE;
    /// Polishes of the whole tenant in one UTC day.
    TenantDailyPolishLimit, tenant_daily_polish_limit: u32, Operator, 20_000, LARGE;
    /// What the tenant wishes of the wording of polished replies.
    PolishingGuidance, polishing_guidance: FreeText, TenantAdmin, FreeText::default(), 0..=1_000;
    /// Whether words that several agents report are kept and offered as candidates for the dictionary.
    DictionaryLearning, dictionary_learning: bool, TenantAdmin, false;
}

fields! {
    /// What is decided about an agent.
    AgentFields(kind: AgentType), AgentUpdate, AgentField:

    /// What the agent may handle.
    Type, kind as "type": AgentType, Operator, kind;
    /// The Intelligent Recognition switch.
    IntelligentRecognition, intelligent_recognition: bool, TenantAdmin, false;
    /// The Reply polishing switch.
    ReplyPolishing, reply_polishing: bool, TenantAdmin, false;
}

impl Default for TenantFields {
    fn default() -> Self {
        Self::new()
    }
}
