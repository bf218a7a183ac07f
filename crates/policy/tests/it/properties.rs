use policy::{
    Attached, Context, Decision, Flavour, Kind, Outcome, Policies, Principal, Request, ResourcePolicy,
    applying, evaluate, parse,
};
use proptest::prelude::*;

const KINDS: [Kind; 11] = [
    Kind::Identity,
    Kind::Managed,
    Kind::Boundary,
    Kind::Session,
    Kind::ServiceControl,
    Kind::ResourceControl,
    Kind::Trust,
    Kind::Resource(Flavour::S3),
    Kind::Resource(Flavour::Sns),
    Kind::Resource(Flavour::Kms),
    Kind::Resource(Flavour::Other),
];

/// JSON that looks like a policy often enough to reach every check.
fn almost_json() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("Version"),
        Just("2012-10-17"),
        Just("2008-10-17"),
        Just("Statement"),
        Just("Sid"),
        Just("Effect"),
        Just("Allow"),
        Just("Deny"),
        Just("Action"),
        Just("NotAction"),
        Just("Resource"),
        Just("NotResource"),
        Just("Principal"),
        Just("NotPrincipal"),
        Just("AWS"),
        Just("Service"),
        Just("Condition"),
        Just("StringEquals"),
        Just("DateLessThan"),
        Just("IpAddress"),
        Just("*"),
        Just("s3:*"),
        Just("arn:aws:s3:::b/${aws:username}"),
        Just("arn:aws:é"),
        Just("a:b:c:d"),
        Just("é${"),
        Just(""),
        Just("111122223333"),
    ]
    .prop_map(|word| format!("{word:?}"));
    word.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((inner.clone(), inner), 0..6).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn effect() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("Allow"), Just("Deny")]
}

fn statement(with_principal: bool) -> impl Strategy<Value = String> {
    let action = prop_oneof![Just("s3:*"), Just("s3:GetObject"), Just("s3:Put*"), Just("s3:*Object")];
    let resource = prop_oneof![
        Just("arn:aws:s3:::b/*"),
        Just("arn:aws:s3:::b/k"),
        Just("arn:aws:s3:::b"),
        Just("arn:aws:s3:::b/${aws:username}*"),
        Just("arn:aws:s3:::b/${aws:userid}"),
    ];
    let condition = prop_oneof![
        Just(""),
        Just(r#","Condition":{"StringEquals":{"aws:username":"ann"}}"#),
        Just(r#","Condition":{"StringNotEquals":{"aws:username":"${aws:userid}"}}"#),
        Just(r#","Condition":{"ForAllValues:StringLike":{"aws:TagKeys":"a*"}}"#),
        Just(r#","Condition":{"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#),
        Just(r#","Condition":{"NumericLessThanIfExists":{"s3:max-keys":"10"}}"#),
    ];
    let principal = prop_oneof![
        Just(r#""*""#),
        Just(r#"{"AWS":"111122223333"}"#),
        Just(r#"{"AWS":"arn:aws:iam::111122223333:role/R"}"#),
        Just(r#"{"AWS":"arn:aws:iam::111122223333:user/ann"}"#),
        Just(r#"{"Service":"s3.amazonaws.com"}"#),
    ];
    (effect(), any::<bool>(), action, any::<bool>(), resource, condition, principal).prop_map(
        move |(effect, not_action, action, not_resource, resource, condition, principal)| {
            let principal = if with_principal { format!(r#""Principal":{principal},"#) } else { String::new() };
            let (action_field, resource_field) =
                (if not_action { "NotAction" } else { "Action" }, if not_resource { "NotResource" } else { "Resource" });
            format!(r#"{{"Effect":"{effect}",{principal}"{action_field}":"{action}","{resource_field}":"{resource}"{condition}}}"#)
        },
    )
}

fn document(with_principal: bool) -> impl Strategy<Value = Attached> {
    let kind = if with_principal { Kind::Resource(Flavour::S3) } else { Kind::Identity };
    prop::collection::vec(statement(with_principal), 1..4).prop_map(move |statements| {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        Attached::inline("generated", parse(&text, kind).unwrap())
    })
}

fn policies() -> impl Strategy<Value = Policies> {
    let identity = || document(false);
    (
        prop::collection::vec(identity(), 0..3),
        prop::option::of(identity()),
        prop::option::of(prop::collection::vec(identity(), 0..2)),
        prop::option::of(document(true)),
        prop::option::of(prop::collection::vec(prop::collection::vec(identity(), 0..2), 1..3)),
    )
        .prop_map(|(identity, boundary, session, resource, service_control)| Policies {
            identity,
            boundary,
            session,
            resource: resource.map(|policy| ResourcePolicy::new("b", policy.document)),
            service_control,
            ..Policies::default()
        })
}

fn principal() -> impl Strategy<Value = Principal> {
    prop_oneof![
        Just(Principal::root("111122223333".parse().unwrap())),
        Just(Principal::user(&"arn:aws:iam::111122223333:user/ann".parse().unwrap()).unwrap()),
        Just(Principal::session(&"arn:aws:iam::111122223333:role/R".parse().unwrap(), "s").unwrap()),
        Just(Principal::service("s3.amazonaws.com")),
        Just(Principal::Anonymous),
    ]
}

fn context() -> impl Strategy<Value = Context> {
    let keys = prop_oneof![
        Just(("aws:username", "ann")),
        Just(("aws:username", "*")),
        Just(("aws:userid", "k")),
        Just(("aws:TagKeys", "ab")),
        Just(("aws:TagKeys", "b")),
        Just(("aws:SourceIp", "10.1.1.1")),
        Just(("aws:SourceIp", "x")),
        Just(("s3:max-keys", "5")),
    ];
    prop::collection::vec(keys, 0..6).prop_map(|keys| {
        let mut context = Context::new();
        keys.into_iter().for_each(|(key, value)| context.append(key, value));
        context
    })
}

fn decide(principal: &Principal, owner: &str, context: &Context, policies: &Policies) -> Decision {
    let resource_account = Some(owner.parse().unwrap());
    let resource = "arn:aws:s3:::b/k";
    evaluate(
        &Request {
            principal,
            action: "s3:GetObject",
            resource,
            resource_account,
            context,
            canonical_user: None,
        },
        policies,
    )
}

fn owner() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("111122223333"), Just("444455556666")]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_parser_never_panics(text in "\\PC*") {
        for kind in KINDS {
            if let Err(error) = parse(&text, kind) {
                prop_assert!(!error.message().is_empty() && !error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn the_parser_never_panics_on_almost_a_policy(text in almost_json()) {
        for kind in KINDS {
            if let Err(error) = parse(&text, kind) {
                prop_assert!(!error.message().is_empty() && error.position.line >= 1);
            }
        }
    }

    #[test]
    fn one_more_deny_never_grants(
        before in policies(), deny in statement(false), place in 0..4, principal in principal(), context in context(), owner in owner(),
    ) {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{}}}"#, deny.replace("\"Allow\"", "\"Deny\""));
        let deny = Attached::inline("deny", parse(&text, Kind::Identity).unwrap());
        let mut after = before.clone();
        match (place, &mut after.boundary, &mut after.session, &mut after.service_control) {
            (0, ..) => after.identity.push(deny),
            (1, _, Some(session), _) => session.push(deny),
            (2, _, _, Some(levels)) => levels[0].push(deny),
            // Where there was no policy of the type, a new one limits the more.
            (1, ..) => after.session = Some(vec![deny]),
            (2, ..) => after.service_control = Some(vec![vec![deny]]),
            (_, boundary @ None, ..) => *boundary = Some(deny),
            _ => after.identity.insert(0, deny),
        }
        let (was, is) = (decide(&principal, owner, &context, &before), decide(&principal, owner, &context, &after));
        prop_assert!(was.is_allowed() || !is.is_allowed(), "{was:?} became {is:?}");
        prop_assert!(was.outcome != Outcome::ExplicitDeny || is.outcome == Outcome::ExplicitDeny);
    }

    #[test]
    fn nobody_without_an_allow_is_allowed(policies in policies(), principal in principal(), context in context(), owner in owner()) {
        let decision = decide(&principal, owner, &context, &policies);
        let root_at_home = matches!(principal, Principal::Root { .. }) && owner == "111122223333";
        match decision.outcome {
            Outcome::Allowed => prop_assert!(root_at_home || !decision.deciding.is_empty()),
            Outcome::ExplicitDeny => prop_assert!(!decision.deciding.is_empty()),
            Outcome::ImplicitDeny => prop_assert!(!decision.missing.is_empty()),
        }
        if decision.is_allowed() {
            prop_assert!(decision.deciding.iter().all(|reason| reason.effect == policy::Effect::Allow));
            prop_assert!(decision.missing.is_empty());
        }
    }

    #[test]
    fn what_applies_is_what_decides(policies in policies(), principal in principal(), context in context(), owner in owner()) {
        let decision = decide(&principal, owner, &context, &policies);
        let request = Request {
            principal: &principal,
            action: "s3:GetObject",
            resource: "arn:aws:s3:::b/k",
            resource_account: Some(owner.parse().unwrap()),
            context: &context,
            canonical_user: None,
        };
        let applying = applying(&request, &policies);
        prop_assert!(decision.deciding.iter().all(|reason| applying.contains(reason)), "{decision:?}");
        let denied = applying.iter().any(|reason| reason.effect == policy::Effect::Deny);
        prop_assert_eq!(denied, decision.outcome == Outcome::ExplicitDeny);
    }

    #[test]
    fn the_order_of_policies_does_not_matter(policies in policies(), principal in principal(), context in context(), owner in owner()) {
        let mut reversed = policies.clone();
        reversed.identity.reverse();
        if let Some(levels) = &mut reversed.service_control {
            levels.reverse();
        }
        let (one, other) = (decide(&principal, owner, &context, &policies), decide(&principal, owner, &context, &reversed));
        prop_assert_eq!((one.outcome, one.missing), (other.outcome, other.missing));
    }
}
