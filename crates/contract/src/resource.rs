use indexmap::IndexMap;
use names::{AccountId, ResourceType, Scope, Tags, Timestamp};
use store::{ResourceIdentity, Row, StoreError, View};
use wire::Document;

/// A row that AWS names `AWS::Service::Type`: described once, for AWS Config, the console and drift.
pub trait Resource: Row {
    /// Its type.
    const TYPE: ResourceType;
    /// It belongs to no region (IAM).
    const GLOBAL: bool = false;

    /// Its id, name and ARN; [`Row::resource`] answers the same.
    fn identity(&self) -> ResourceIdentity;

    /// Its configuration, relationships and tags in AWS Config's shapes.
    ///
    /// # Errors
    /// The store's failure.
    fn describe(&self, view: &View) -> Result<Description, StoreError>;

    /// The resource with an id, in the scope of its rows.
    ///
    /// # Errors
    /// The store's failure.
    fn find(view: &View, scope: Scope, id: &str) -> Result<Option<Self>, StoreError>;
}

/// A resource as AWS Config describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Its id, name and ARN.
    pub identity: ResourceIdentity,
    /// `Not Applicable`, `Regional`, or the zone.
    pub availability_zone: String,
    /// When it was made, where AWS says.
    pub created: Option<Timestamp>,
    /// As the service's describe call answers, in AWS Config's casing.
    pub configuration: Document,
    /// Further parts by name, such as a bucket's `BucketPolicy`.
    pub supplementary: IndexMap<String, Document>,
    /// To other resources, direct and indirect.
    pub relationships: Vec<Relationship>,
    /// Its tags.
    pub tags: Tags,
}

/// A relationship to another resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Relationship {
    /// The other's type.
    pub resource_type: String,
    /// The other's id.
    pub id: Option<String>,
    /// The other's name.
    pub name: Option<String>,
    /// Such as `Is contained in Vpc`.
    pub relation: String,
}

impl Relationship {
    /// To a resource known by its id.
    #[must_use]
    pub fn to(relation: &str, resource_type: &str, id: impl Into<String>) -> Self {
        Self {
            resource_type: resource_type.into(),
            id: Some(id.into()),
            name: None,
            relation: relation.into(),
        }
    }
}

/// A resource, and where it is.
pub type Located = (Scope, ResourceIdentity);

/// How a type's resources are listed and described, without knowing the type.
#[derive(Clone, Copy)]
pub struct ResourceKind {
    /// The type.
    pub resource_type: ResourceType,
    /// It belongs to no region.
    pub global: bool,
    /// All of an account and region.
    pub list: fn(&View, Scope) -> Result<Vec<ResourceIdentity>, StoreError>,
    /// All of an account, with where they are.
    pub list_account: fn(&View, AccountId) -> Result<Vec<Located>, StoreError>,
    /// The one with an id.
    pub describe: fn(&View, Scope, &str) -> Result<Option<Description>, StoreError>,
}

impl ResourceKind {
    /// The kind of a resource type.
    #[must_use]
    pub fn of<R: Resource>() -> Self {
        Self {
            resource_type: R::TYPE,
            global: R::GLOBAL,
            list: |view, scope| Ok(view.list::<R>(scope)?.iter().map(Resource::identity).collect()),
            list_account: |view, account| {
                let all = view.list_account::<R>(account)?;
                Ok(all.iter().map(|resource| (resource.scope(), resource.identity())).collect())
            },
            describe: |view, scope, id| match R::find(view, scope, id)? {
                Some(resource) => resource.describe(view).map(Some),
                None => Ok(None),
            },
        }
    }

    /// The scope that its rows have for an account and region.
    #[must_use]
    pub fn scope(&self, scope: Scope) -> Scope {
        if self.global { Scope::global(scope.account) } else { scope }
    }
}
