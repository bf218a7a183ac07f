use names::{AccountId, Arn};
use policy::{Authority, ResourcePolicy};

/// What a call needs: every check must be allowed.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// In the order in which AWS would deny.
    pub checks: Vec<Check>,
    /// The call needs no permission (GetCallerIdentity): an explicit, visible choice.
    pub unconditional: bool,
}

/// What a call on many things needs.
#[derive(Debug, Clone, Default)]
pub struct AccessOfEach {
    /// Without this the call is denied.
    pub call: Access,
    /// Without one of these its part is denied, and the others are not.
    pub parts: Vec<Access>,
}

impl From<Access> for AccessOfEach {
    fn from(call: Access) -> Self {
        Self { call, parts: Vec::new() }
    }
}

/// One action on resources.
#[derive(Debug, Clone)]
pub struct Check {
    /// The IAM action, such as `ec2:CreateVpc`.
    pub action: String,
    /// The resources' ARNs; `*` where the action has no resource type. Each is checked.
    pub resources: Vec<String>,
    /// The account that owns the resources, where it may differ from the caller's.
    pub resource_account: Option<AccountId>,
    /// The resource-based policy that applies, where the resource has one.
    pub resource_policy: Option<ResourcePolicy>,
    /// The resource is governed by a policy of this authority (a role's trust policy, a key policy) and has none that can be read.
    pub no_resource_policy: Option<Authority>,
    /// Condition keys of the service and of the request: (`ec2:Vpc`, values).
    pub context: Vec<(String, Vec<String>)>,
}

impl Access {
    /// Needs one action on `*`.
    #[must_use]
    pub fn to(action: impl Into<String>) -> Self {
        Self::on(action, "*")
    }

    /// Needs one action on one resource.
    #[must_use]
    pub fn on(action: impl Into<String>, resource: impl ToString) -> Self {
        Self { checks: vec![Check::new(action, resource)], unconditional: false }
    }

    /// Needs no permission at all; AWS documents that for the few operations that use it.
    #[must_use]
    pub fn unconditional() -> Self {
        Self { checks: Vec::new(), unconditional: true }
    }

    /// And this check.
    #[must_use]
    pub fn and(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }

    /// With a condition key on every check so far.
    #[must_use]
    pub fn with(
        mut self,
        key: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let (key, values) = (key.into(), values.into_iter().map(Into::into).collect::<Vec<String>>());
        for check in &mut self.checks {
            check.context.push((key.clone(), values.clone()));
        }
        self
    }

    /// With `aws:RequestTag/…` and `aws:TagKeys` on every check so far.
    #[must_use]
    pub fn with_request_tags<'a>(mut self, tags: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let tags: Vec<(&str, &str)> = tags.into_iter().collect();
        if tags.is_empty() {
            return self;
        }
        for check in &mut self.checks {
            for (key, value) in &tags {
                check.context.push((format!("aws:RequestTag/{key}"), vec![(*value).to_owned()]));
            }
            check
                .context
                .push(("aws:TagKeys".into(), tags.iter().map(|(key, _)| (*key).to_owned()).collect()));
        }
        self
    }

    /// With `aws:ResourceTag/…` on every check so far.
    #[must_use]
    pub fn with_resource_tags(mut self, tags: &names::Tags) -> Self {
        for check in &mut self.checks {
            for (key, value) in tags {
                check.context.push((format!("aws:ResourceTag/{key}"), vec![value.clone()]));
            }
        }
        self
    }

    /// With the resource's own policy and owner on every check so far.
    #[must_use]
    pub fn with_policy(mut self, owner: AccountId, policy: Option<ResourcePolicy>) -> Self {
        for check in &mut self.checks {
            check.resource_account = Some(owner);
            check.resource_policy.clone_from(&policy);
        }
        self
    }
}

impl Check {
    /// An action on one resource.
    #[must_use]
    pub fn new(action: impl Into<String>, resource: impl ToString) -> Self {
        Self {
            action: action.into(),
            resources: vec![resource.to_string()],
            resource_account: None,
            resource_policy: None,
            no_resource_policy: None,
            context: Vec::new(),
        }
    }

    /// `iam:PassRole` on a role, to a service.
    #[must_use]
    pub fn pass_role(role: &str, service: &str) -> Self {
        let mut check = Self::new("iam:PassRole", role);
        check.context.push(("iam:PassedToService".into(), vec![service.to_owned()]));
        check.resource_account = role.parse::<Arn>().ok().and_then(|arn| arn.account);
        check
    }
}
