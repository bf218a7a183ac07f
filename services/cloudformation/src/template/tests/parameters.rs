use super::*;

fn values(parameter: &str, value: &str) -> Result<Document, String> {
    let template = parse(&format!("Parameters:\n  P: {parameter}\n{BUCKET}"));
    template
        .parameter_values(&given(&[("P", value)]))
        .map(|values| values.get("P").unwrap().value.clone())
        .map_err(|error| error.to_string())
}

#[test]
fn declarations() {
    for (parameter, sentence) in [
        ("{Default: a}", "Template format error: Every Parameters object must contain a Type member."),
        ("text", "Template format error: Any Parameters member must be an object."),
        ("{Type: Strin}", "Template format error: Unrecognized parameter type: Strin"),
        (
            "{Type: 'List<CommaDelimitedList>'}",
            "Template format error: Unrecognized parameter type: List<CommaDelimitedList>",
        ),
        (
            "{Type: 'AWS::SSM::Parameter::Value<Number>'}",
            "Template format error: Unrecognized parameter type: AWS::SSM::Parameter::Value<Number>",
        ),
        ("{Type: String, Foo: 1}", "Invalid template parameter property 'Foo'"),
        ("{Type: String, Default: [a]}", "Template format error: Every Default member must be a string."),
        (
            "{Type: String, Default: !Ref AWS::Region}",
            "Template format error: Every Default member must be a string.",
        ),
        ("{Type: String, NoEcho: perhaps}", "Template format error: Every NoEcho member must be a boolean."),
        ("{Type: String, MinLength: x}", "Template format error: Every MinLength member must be a number."),
        (
            "{Type: String, AllowedValues: a}",
            "Template format error: Every AllowedValues member must be a list.",
        ),
        (
            "{Type: String, AllowedValues: [[a]]}",
            "Template format error: Every AllowedValues value must be a string.",
        ),
        (
            "{Type: String, AllowedPattern: '['}",
            "Parameter 'P' AllowedPattern must be a valid regular expression.",
        ),
        (
            "{Type: Number, MinLength: 1}",
            "Template error: Parameter 'P' MinLength must be on a parameter of type String",
        ),
        (
            "{Type: String, MaxValue: 1}",
            "Template error: Parameter 'P' MaxValue must be on a parameter of type Number",
        ),
        (
            "{Type: String, MinLength: 5, MaxLength: 3}",
            "Template error: Parameter 'P' MinLength must be less than MaxLength.",
        ),
        (
            "{Type: String, MinLength: 12, Default: aws-ab-}",
            "Parameter 'P' must contain at least 12 characters",
        ),
        ("{Type: String, AllowedValues: [a], Default: b}", "Parameter 'P' must be one of AllowedValues"),
        ("{Type: Number, Default: many}", "Parameter 'P' must be a number"),
    ] {
        assert_eq!(refused(&format!("Parameters:\n  P: {parameter}\n{BUCKET}")), sentence, "{parameter}");
    }
    assert_eq!(
        refused(&format!("Parameters:\n  my-p: {{Type: String}}\n{BUCKET}")),
        "Template format error: Parameter name my-p is non alphanumeric."
    );
}

#[test]
fn constraints() {
    for (parameter, value, sentence) in [
        ("{Type: String, AllowedValues: [a, 2, true]}", "x", "Parameter 'P' must be one of AllowedValues"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "A", "Parameter 'P' must match pattern [a-z]+"),
        ("{Type: String, AllowedPattern: '[a-z]+'}", "a\nb", "Parameter 'P' must match pattern [a-z]+"),
        ("{Type: String, MinLength: 3}", "ab", "Parameter 'P' must contain at least 3 characters"),
        ("{Type: String, MaxLength: '2'}", "abc", "Parameter 'P' must contain at most 2 characters"),
        ("{Type: Number}", "x", "Parameter 'P' must be a number"),
        ("{Type: Number}", "NaN", "Parameter 'P' must be a number"),
        ("{Type: Number}", "", "Parameter 'P' must be a number"),
        ("{Type: Number, MinValue: 1}", "0", "Parameter 'P' must be a number not less than 1"),
        ("{Type: Number, MaxValue: 1.5}", "2", "Parameter 'P' must be a number not greater than 1.5"),
        (
            "{Type: 'List<Number>', MaxValue: 10}",
            "1,20",
            "Parameter 'P' must be a number not greater than 10",
        ),
        (
            "{Type: CommaDelimitedList, AllowedValues: [a, b]}",
            "a,c",
            "Parameter 'P' must be one of AllowedValues",
        ),
        (
            "{Type: CommaDelimitedList, AllowedPattern: '\\d+'}",
            "1,b",
            "Parameter 'P' must match pattern \\d+",
        ),
        (
            "{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: must be lower case.}",
            "A",
            "Parameter P failed to satisfy constraint: must be lower case.",
        ),
        (
            "{Type: Number, MinValue: 1, ConstraintDescription: at least one}",
            "0",
            "Parameter P failed to satisfy constraint: at least one",
        ),
    ] {
        assert_eq!(values(parameter, value).unwrap_err(), sentence, "{parameter} {value:?}");
    }
    assert!(values("{Type: String}", &"x".repeat(4097)).unwrap_err().contains("4096"));
}

#[test]
fn what_ref_gives() {
    for (parameter, value, json) in [
        ("{Type: String, AllowedValues: [a, 2, true]}", "true", r#""true""#),
        ("{Type: String}", "", r#""""#),
        ("{Type: Number}", "012", r#""012""#),
        ("{Type: Number}", "1.50", r#""1.50""#),
        ("{Type: CommaDelimitedList}", "a, b ,c", r#"["a","b","c"]"#),
        ("{Type: CommaDelimitedList}", "", r#"[""]"#),
        ("{Type: 'List<String>'}", "a,,b", r#"["a","","b"]"#),
        ("{Type: 'List<Number>'}", "80, 443", r#"["80","443"]"#),
        ("{Type: 'AWS::EC2::VPC::Id'}", "vpc-1", r#""vpc-1""#),
        ("{Type: 'List<AWS::EC2::Subnet::Id>'}", "subnet-1,subnet-2", r#"["subnet-1","subnet-2"]"#),
    ] {
        assert_eq!(values(parameter, value).unwrap().to_string(), json, "{parameter} {value:?}");
    }
}

#[test]
fn given_and_missing() {
    let template = parse(&format!(
        "Parameters:\n  A: {{Type: String}}\n  D: {{Type: String, Default: b}}\n  C: {{Type: Number}}\n  N: {{Type: Number, Default: 3}}\n{BUCKET}"
    ));
    let error = |values: &[(&str, &str)]| template.parameter_values(&given(values)).unwrap_err().to_string();
    assert_eq!(error(&[]), "Parameters: [A, C] must have values");
    assert_eq!(
        error(&[("A", "a"), ("X", "x"), ("Y", "y")]),
        "Parameters: [X, Y] do not exist in the template"
    );
    let values = template.parameter_values(&given(&[("C", "1"), ("A", "a")])).unwrap();
    let texts: Vec<_> = values.iter().map(|(name, value)| format!("{name}={}", value.text)).collect();
    assert_eq!(texts, ["A=a", "D=b", "C=1", "N=3"]);
}

#[test]
fn secrets_are_not_shown() {
    let template = parse(&format!("Parameters:\n  P: {{Type: String, NoEcho: 'true'}}\n{BUCKET}"));
    let values = template.parameter_values(&given(&[("P", "hush")])).unwrap();
    assert_eq!(values.get("P").unwrap().shown(), "****");
    assert!(!format!("{values:?}").contains("hush"));
    assert_eq!(values.get("P").unwrap().value, "hush".into());
}

#[test]
fn what_must_exist_is_told() {
    let template = parse(&format!(
        "Parameters:\n  V: {{Type: 'AWS::EC2::VPC::Id'}}\n  S: {{Type: 'List<AWS::EC2::Subnet::Id>'}}\n  T: {{Type: String}}\n{BUCKET}"
    ));
    let values = template
        .parameter_values(&given(&[("V", "vpc-1"), ("S", "subnet-1, subnet-2"), ("T", "t")]))
        .unwrap();
    assert_eq!(
        values.existing().collect::<Vec<_>>(),
        [
            ("V", "AWS::EC2::VPC::Id", "vpc-1"),
            ("S", "AWS::EC2::Subnet::Id", "subnet-1"),
            ("S", "AWS::EC2::Subnet::Id", "subnet-2"),
        ]
    );
    assert_eq!(
        TemplateError::parameter_value_does_not_exist("V", "vpc-1").to_string(),
        "Parameter validation failed: parameter value vpc-1 for parameter name V does not exist"
    );
}

#[test]
fn parameters_of_the_parameter_store_are_names_and_stand_for_values() {
    let yaml = format!(
        "Parameters:\n  Ami: {{Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/ami}}\n{BUCKET}"
    );
    let template = parse(&yaml);
    assert_eq!(template.stored_names(&IndexMap::new()), ["/aws/ami"]);
    let error = template.parameter_values(&IndexMap::new()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Unable to fetch parameters [/aws/ami] from parameter store for this account."
    );
    let stored = IndexMap::from([("/aws/ami".to_owned(), "ami-1".to_owned())]);
    let values = template.parameter_values_with(&IndexMap::new(), &stored).unwrap();
    let value = values.get("Ami").unwrap();
    assert_eq!(
        (value.shown(), value.shown_resolved(), &value.value),
        ("/aws/ami", Some("ami-1"), &"ami-1".into())
    );
    assert_eq!(values.existing().collect::<Vec<_>>(), [("Ami", "AWS::EC2::Image::Id", "ami-1")]);
}

#[test]
fn rules() {
    let yaml = |rule: &str| {
        format!(
            "Parameters:\n  Env: {{Type: String, Default: prod}}\n  Size: {{Type: String, Default: small}}\n  V1: {{Type: \
             'AWS::EC2::VPC::Id', Default: vpc-1}}\n  V2: {{Type: 'AWS::EC2::VPC::Id', Default: vpc-2}}\nRules:\n  R: {rule}\n{BUCKET}"
        )
    };
    let assert_of =
        |test: &str| yaml(&format!("{{Assertions: [{{Assert: {test}, AssertDescription: No!}}]}}"));
    for test in [
        "!Equals [!Ref Env, prod]",
        "!Contains [[prod, dev], !Ref Env]",
        "!Not [!Contains [[a], !Ref Env]]",
        "!EachMemberIn [!RefAll 'AWS::EC2::VPC::Id', [vpc-1, vpc-2, vpc-3]]",
        "!EachMemberEquals [[small, !Ref Size], small]",
        "!And [!Equals [a, a], !Or [!Equals [a, b], !Equals [!Ref AWS::Region, us-east-1]]]",
    ] {
        plan(&assert_of(test), &[]).unwrap_or_else(|error| panic!("{test}: {error}"));
    }
    for test in [
        "!Equals [!Ref Env, dev]",
        "!EachMemberEquals [!RefAll 'AWS::EC2::VPC::Id', vpc-1]",
        "!Contains [[], a]",
    ] {
        assert_eq!(unplanned(&assert_of(test), &[]), "No!", "{test}");
    }
    let guarded =
        yaml("{RuleCondition: !Equals [!Ref Env, prod], Assertions: [{Assert: !Equals [!Ref Size, large]}]}");
    assert_eq!(unplanned(&guarded, &[]), "Template error: an assertion of rule R failed");
    plan(&guarded, &[("Env", "dev")]).unwrap();
    assert_eq!(
        unplanned(&assert_of("!Contains [!ValueOfAll ['AWS::EC2::VPC::Id', Tags.T], a]"), &[]),
        "Rule function Fn::ValueOfAll is not built in Cloudchamber. Compare parameters by Ref and Fn::RefAll instead."
    );
    for (rule, sentence) in [
        ("{Assertions: []}", "Template format error: Rule R must contain a list of Assertions"),
        (
            "{Assertions: [{AssertDescription: a}]}",
            "Template format error: Every assertion of rule R must contain an Assert",
        ),
        (
            "{Assertions: [{Assert: !Condition C}]}",
            "Template format error: Rules can only contain rule-specific intrinsic functions",
        ),
        (
            "{Assertions: [{Assert: !Equals [!Ref Nope, a]}]}",
            "Template format error: Unresolved dependencies [Nope]. Cannot reference resources in the Rules block of the template",
        ),
        (
            "{Assertions: [{Assert: !Equals [!GetAtt B.Arn, a]}]}",
            "Template format error: Unresolved dependencies [B]. Cannot reference resources in the Rules block of the template",
        ),
        (
            "{Assertions: [{Assert: !Equals [a]}]}",
            "Template error: every Fn::Equals object requires a list of 2 string parameters.",
        ),
        (
            "{Assertions: [{Assert: !Equals [a, a]}], Foo: 1}",
            "Template format error: Invalid rule property or properties [Foo]",
        ),
    ] {
        assert_eq!(refused(&yaml(rule)), sentence, "{rule}");
    }
}
