use super::text;
use api_config::ConformancePackState;
use contract::Chain;
use names::{Arn, Scope, Tags, Timestamp};
use serde::{Deserialize, Serialize};
use store::Row;

/// A conformance pack: a template of rules and remediations, which is a stack.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct ConformancePack {
    /// Where.
    pub(crate) scope: Scope,
    /// Its name.
    pub(crate) name: String,
    /// `conformance-pack-xxxxxxxxx`.
    pub(crate) id: String,
    /// What it is to be.
    pub(crate) template: String,
    /// The template's parameters, as given.
    pub(crate) parameters: Vec<(String, String)>,
    /// As given.
    pub(crate) delivery_bucket: Option<String>,
    /// As given.
    pub(crate) delivery_prefix: Option<String>,
    /// The document that the template came from, and its version.
    pub(crate) document: Option<(String, Option<String>)>,
    /// What it does now.
    #[serde(with = "text")]
    pub(crate) state: ConformancePackState,
    /// Why it failed.
    pub(crate) reason: Option<String>,
    /// Its stack was asked for what the template says, and is waited for.
    pub(crate) begun: bool,
    /// The stack, once it was made.
    pub(crate) stack_id: Option<String>,
    /// When it was last asked for.
    pub(crate) requested: Timestamp,
    /// When that was done.
    pub(crate) completed: Option<Timestamp>,
    /// Its tags.
    pub(crate) tags: Tags,
    /// The calls that led to it.
    pub(crate) chain: Chain,
}

impl ConformancePack {
    /// `arn:aws:config:REGION:ACCOUNT:conformance-pack/NAME/ID`
    pub(crate) fn arn(&self) -> Arn {
        Arn::new("config", self.scope, format!("conformance-pack/{}/{}", self.name, self.id))
    }

    /// The name of its stack.
    pub(crate) fn stack(&self) -> String {
        format!("{STACK_PREFIX}{}-{}", self.name, self.id)
    }

    /// Something is under way.
    pub(crate) fn is_busy(&self) -> bool {
        matches!(self.state, ConformancePackState::CreateInProgress | ConformancePackState::DeleteInProgress)
    }
}

/// How the names of packs' stacks begin.
pub(crate) const STACK_PREFIX: &str = "awsconfigconforms-";

/// The id of the pack whose stack has a name.
pub(crate) fn pack_of_stack(stack: &str) -> Option<&str> {
    let rest = stack.strip_prefix(STACK_PREFIX)?;
    rest.rfind("conformance-pack-").and_then(|at| rest.get(at..))
}

/// Without its template and parameters, which may be long.
impl std::fmt::Debug for ConformancePack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConformancePack")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl Row for ConformancePack {
    const TABLE: &'static str = "config.conformance_packs";
    type Key = String;

    fn scope(&self) -> Scope {
        self.scope
    }

    fn key(&self) -> String {
        self.name.clone()
    }
}
