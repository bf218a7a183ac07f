use crate::{Context, Principal};
use names::{AccountId, Region, Tags, Timestamp};

/// What the pipeline knows of a call, from which the global condition keys are made. Leave out what is not known: the key is then
/// absent, as on AWS.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
#[derive(Debug, Clone, Copy)]
pub struct Globals<'a> {
    /// Who calls.
    pub principal: &'a Principal,
    /// When.
    pub now: Timestamp,
    /// The call came over TLS (or from a service of this cloud).
    pub secure_transport: bool,
    /// The caller's address; None for calls by services.
    pub source_ip: Option<&'a str>,
    /// The `User-Agent` header.
    pub user_agent: Option<&'a str>,
    /// The `Referer` header.
    pub referer: Option<&'a str>,
    /// The region called.
    pub requested_region: Option<Region>,
    /// `AIDA…`, `AROA…:session`, `ACCOUNT:name`; the account's id for root where left out.
    pub user_id: Option<&'a str>,
    /// For temporary credentials: whether a second factor was used. None for long-term keys, services and anonymous callers.
    pub mfa_present: Option<bool>,
    /// Seconds since the second factor was used.
    pub mfa_age: Option<u64>,
    /// When the temporary credentials were issued.
    pub token_issue_time: Option<Timestamp>,
    /// The source identity of the session.
    pub source_identity: Option<&'a str>,
    /// The tags of the user or role, and of the session.
    pub principal_tags: Option<&'a Tags>,
    /// The organization of the principal's account.
    pub principal_org_id: Option<&'a str>,
    /// For a call by a service: the resource on whose behalf.
    pub source_arn: Option<&'a str>,
    /// For a call by a service: the account on whose behalf.
    pub source_account: Option<AccountId>,
    /// A service calls with the credentials of the principal (forward access session).
    pub via_aws_service: bool,
    /// The services that such calls went through, the first first.
    pub called_via: &'a [&'a str],
    /// The account that owns the resource.
    pub resource_account: Option<AccountId>,
    /// The tags that the request sets.
    pub request_tags: Option<&'a Tags>,
    /// The tags that the request takes away.
    pub request_tag_keys: &'a [&'a str],
    /// The tags that the resource has.
    pub resource_tags: Option<&'a Tags>,
}

impl<'a> Globals<'a> {
    /// A call of which only the caller and the time are known.
    #[must_use]
    pub fn new(principal: &'a Principal, now: Timestamp) -> Self {
        Self {
            principal,
            now,
            secure_transport: false,
            source_ip: None,
            user_agent: None,
            referer: None,
            requested_region: None,
            user_id: None,
            mfa_present: None,
            mfa_age: None,
            token_issue_time: None,
            source_identity: None,
            principal_tags: None,
            principal_org_id: None,
            source_arn: None,
            source_account: None,
            via_aws_service: false,
            called_via: &[],
            resource_account: None,
            request_tags: None,
            request_tag_keys: &[],
            resource_tags: None,
        }
    }
}

/// The global condition keys of a call.
#[must_use]
pub fn global_context(globals: &Globals<'_>) -> Context {
    let mut context = Context::new();
    context.set("aws:currenttime", globals.now.iso_seconds());
    context.set("aws:epochtime", globals.now.seconds().to_string());
    context.set("aws:securetransport", truth(globals.secure_transport));
    of_principal(globals, &mut context);
    let mut optional = |key: &'static str, value: Option<String>| {
        if let Some(value) = value {
            context.set(key, value);
        }
    };
    optional("aws:sourceip", globals.source_ip.map(Into::into));
    optional("aws:useragent", globals.user_agent.map(Into::into));
    optional("aws:referer", globals.referer.map(Into::into));
    optional("aws:requestedregion", globals.requested_region.map(|region| region.to_string()));
    optional("aws:multifactorauthpresent", globals.mfa_present.map(|present| truth(present).to_owned()));
    optional("aws:multifactorauthage", globals.mfa_age.map(|age| age.to_string()));
    optional("aws:tokenissuetime", globals.token_issue_time.map(Timestamp::iso_seconds));
    optional("aws:sourceidentity", globals.source_identity.map(Into::into));
    optional("aws:principalorgid", globals.principal_org_id.map(Into::into));
    optional("aws:sourcearn", globals.source_arn.map(Into::into));
    optional("aws:sourceaccount", globals.source_account.map(|account| account.to_string()));
    optional("aws:resourceaccount", globals.resource_account.map(|account| account.to_string()));
    if let (Some(first), Some(last)) = (globals.called_via.first(), globals.called_via.last()) {
        context.set("aws:calledviafirst", (*first).to_owned());
        context.set("aws:calledvialast", (*last).to_owned());
        context.insert_all("aws:calledvia", globals.called_via.iter().copied());
    }
    tags(&mut context, "aws:PrincipalTag/", globals.principal_tags);
    tags(&mut context, "aws:RequestTag/", globals.request_tags);
    tags(&mut context, "aws:ResourceTag/", globals.resource_tags);
    let keys: Vec<&str> = globals
        .request_tags
        .into_iter()
        .flat_map(|tags| tags.keys().map(String::as_str))
        .chain(globals.request_tag_keys.iter().copied())
        .collect();
    if !keys.is_empty() {
        context.insert_all("aws:TagKeys", keys);
    }
    context
}

fn truth(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

/// Tags whose keys differ only by case share a condition key, which then has several values.
fn tags(context: &mut Context, prefix: &str, tags: Option<&Tags>) {
    for (key, value) in tags.into_iter().flatten() {
        context.append(&format!("{prefix}{key}"), value.as_str());
    }
}

/// The table of principal keys:
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
fn of_principal(globals: &Globals<'_>, context: &mut Context) {
    let principal = globals.principal;
    if let (Some(account), Some(arn)) = (principal.account(), principal.principal_arn()) {
        context.set("aws:principalaccount", account.to_string());
        context.set("aws:principalarn", arn.to_owned());
    }
    if *principal != Principal::Anonymous {
        context.set("aws:principalisawsservice", truth(matches!(principal, Principal::Service { .. })));
        context.set("aws:viaawsservice", truth(globals.via_aws_service));
    }
    let kind = match principal {
        Principal::Root { .. } => "Account",
        Principal::User { .. } => "User",
        Principal::AssumedRole { .. } => "AssumedRole",
        Principal::FederatedUser { .. } => "FederatedUser",
        Principal::Anonymous => "Anonymous",
        Principal::Federated { .. } | Principal::Service { .. } => "",
    };
    if !kind.is_empty() {
        context.set("aws:principaltype", kind);
    }
    let user_id = match principal {
        Principal::Root { account, .. } => {
            Some(globals.user_id.map_or_else(|| account.to_string(), Into::into))
        }
        Principal::Anonymous => Some("anonymous".to_owned()),
        _ => globals.user_id.map(Into::into),
    };
    if let Some(user_id) = user_id {
        context.set("aws:userid", user_id);
    }
    match principal {
        Principal::User { arn, .. } => {
            context.set("aws:username", arn.rsplit('/').next().unwrap_or_default().to_owned());
        }
        Principal::Service { name } => {
            context.set("aws:principalservicename", name.to_string());
            context.set("aws:principalservicenameslist", name.to_string());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        Timestamp::from_seconds(1_795_253_400)
    }

    #[test]
    fn keys_of_a_user() {
        let user = Principal::user(&"arn:aws:iam::111122223333:user/dev/ann".parse().unwrap()).unwrap();
        let principal_tags = Tags::from([("Team".into(), "blue".into())]);
        let request_tags = Tags::from([("Cost".into(), "1".into()), ("cost".into(), "2".into())]);
        let context = global_context(&Globals {
            user_id: Some("AIDAEXAMPLE"),
            source_ip: Some("203.0.113.1"),
            requested_region: Some(Region::US_EAST_1),
            principal_tags: Some(&principal_tags),
            request_tags: Some(&request_tags),
            request_tag_keys: &["Old"],
            called_via: &["athena.amazonaws.com", "dynamodb.amazonaws.com"],
            ..Globals::new(&user, now())
        });
        for (key, value) in [
            ("aws:PrincipalArn", "arn:aws:iam::111122223333:user/dev/ann"),
            ("aws:PrincipalAccount", "111122223333"),
            ("aws:PrincipalType", "User"),
            ("aws:username", "ann"),
            ("aws:userid", "AIDAEXAMPLE"),
            ("aws:CurrentTime", "2026-11-21T09:30:00Z"),
            ("aws:EpochTime", "1795253400"),
            ("aws:SecureTransport", "false"),
            ("aws:SourceIp", "203.0.113.1"),
            ("aws:RequestedRegion", "us-east-1"),
            ("aws:PrincipalTag/team", "blue"),
            ("aws:PrincipalIsAWSService", "false"),
            ("aws:ViaAWSService", "false"),
            ("aws:CalledViaFirst", "athena.amazonaws.com"),
            ("aws:CalledViaLast", "dynamodb.amazonaws.com"),
        ] {
            assert_eq!(context.single(key), Some(value), "{key}");
        }
        assert_eq!(context.get("aws:TagKeys").unwrap(), ["Cost", "cost", "Old"]);
        assert_eq!(context.get("aws:RequestTag/COST").unwrap(), ["1", "2"]);
        for absent in [
            "aws:MultiFactorAuthPresent",
            "aws:TokenIssueTime",
            "aws:SourceArn",
            "aws:ResourceAccount",
            "aws:UserAgent",
        ] {
            assert_eq!(context.get(absent), None, "{absent}");
        }
    }

    #[test]
    fn a_session_is_its_role() {
        let role = "arn:aws:iam::111122223333:role/R".parse().unwrap();
        let session = Principal::session(&role, "s").unwrap();
        let context = global_context(&Globals {
            user_id: Some("AROAEXAMPLE:s"),
            mfa_present: Some(true),
            token_issue_time: Some(now()),
            ..Globals::new(&session, now())
        });
        assert_eq!(context.single("aws:PrincipalArn"), Some("arn:aws:iam::111122223333:role/R"));
        assert_eq!(context.single("aws:PrincipalType"), Some("AssumedRole"));
        assert_eq!(context.single("aws:MultiFactorAuthPresent"), Some("true"));
        assert_eq!(context.get("aws:username"), None);
    }

    #[test]
    fn services_and_anonymous_callers_lack_what_aws_omits() {
        let service = Principal::service("config.amazonaws.com");
        let context = global_context(&Globals {
            source_account: Some("111122223333".parse().unwrap()),
            ..Globals::new(&service, now())
        });
        assert_eq!(context.single("aws:PrincipalIsAWSService"), Some("true"));
        assert_eq!(context.single("aws:PrincipalServiceName"), Some("config.amazonaws.com"));
        assert_eq!(context.single("aws:SourceAccount"), Some("111122223333"));
        for absent in [
            "aws:PrincipalArn",
            "aws:PrincipalAccount",
            "aws:userid",
            "aws:username",
            "aws:PrincipalType",
            "aws:SourceIp",
        ] {
            assert_eq!(context.get(absent), None, "{absent}");
        }
        let context = global_context(&Globals::new(&Principal::Anonymous, now()));
        assert_eq!(context.single("aws:PrincipalType"), Some("Anonymous"));
        for absent in ["aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:ViaAWSService"] {
            assert_eq!(context.get(absent), None, "{absent}");
        }
        let root = Principal::root("111122223333".parse().unwrap());
        assert_eq!(global_context(&Globals::new(&root, now())).single("aws:userid"), Some("111122223333"));
    }
}
