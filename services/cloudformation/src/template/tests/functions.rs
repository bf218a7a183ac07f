use super::*;

const HEAD: &str = "Parameters:
  Env: {Type: String, Default: dev}
  Subnets: {Type: CommaDelimitedList, Default: 'subnet-1, subnet-2,subnet-3'}
  Count: {Type: Number, Default: 3}
Mappings:
  Regions:
    us-east-1: {Ami: ami-east, Size: 2, Zones: [a, b]}
    eu-west-1: {Ami: ami-west, Size: 3}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
  East: !Equals [!FindInMap [Regions, !Ref 'AWS::Region', Ami], ami-east]
Resources:
  Q: {Type: AWS::SQS::Queue}
  R:
    Type: AWS::S3::Bucket
    Properties:
      P: ";

fn resolved(value: &str) -> Result<String, String> {
    let plan = plan(&format!("{HEAD}{value}\n"), &[]).map_err(|error| error.to_string())?;
    let properties = plan.properties("R", &Everything).map_err(|error| error.to_string())?;
    Ok(properties.get("P").map(ToString::to_string).unwrap_or_default())
}

#[test]
fn values() {
    for (value, json) in [
        ("text", r#""text""#),
        ("!Ref Env", r#""dev""#),
        ("!Ref Count", r#""3""#),
        ("!Ref Q", r#""id-Q""#),
        ("!Ref Subnets", r#"["subnet-1","subnet-2","subnet-3"]"#),
        ("!Ref AWS::AccountId", r#""123456789012""#),
        ("!Ref AWS::Partition", r#""aws""#),
        ("!Ref AWS::URLSuffix", r#""amazonaws.com""#),
        ("!Ref AWS::StackName", r#""lab""#),
        ("!Ref AWS::StackId", r#""arn:aws:cloudformation:us-east-1:123456789012:stack/lab/1""#),
        ("!Ref AWS::NotificationARNs", r#"["arn:aws:sns:us-east-1:123456789012:t"]"#),
        ("!Ref AWS::NoValue", ""),
        ("!GetAtt Q.Arn", r#""Q.Arn""#),
        ("!GetAtt [Q, !Ref Env]", r#""Q.dev""#),
        ("{'Fn::GetAtt': Q.A.B}", r#""Q.A.B""#),
        ("!GetAtt Q.List", r#"["a","b"]"#),
        ("!If [IsProd, big, small]", r#""small""#),
        ("!If [East, !If [IsProd, a, {K: !Ref Env}], c]", r#"{"K":"dev"}"#),
        ("!If [IsProd, x, !Ref AWS::NoValue]", ""),
        ("[a, !If [IsProd, b, !Ref AWS::NoValue], c]", r#"["a","c"]"#),
        (
            "{Keep: 1, Drop: !If [IsProd, x, !Ref AWS::NoValue], Empty: {X: !Ref AWS::NoValue}}",
            r#"{"Keep":1,"Empty":{}}"#,
        ),
        ("!Join ['-', [a, !Ref Env, 1, true, 1.5, !Ref AWS::NoValue]]", r#""a-dev-1-true-1.5""#),
        ("!Join ['', []]", r#""""#),
        ("!Join ['|', !Ref Subnets]", r#""subnet-1|subnet-2|subnet-3""#),
        ("!Join [',', !Split ['/', a/b]]", r#""a,b""#),
        ("!Join [',', !GetAZs '']", r#""us-east-1a,us-east-1b,us-east-1c""#),
        ("!Split [',', 'a,b,,c']", r#"["a","b","","c"]"#),
        ("!Split ['|', !Join ['|', !Ref Subnets]]", r#"["subnet-1","subnet-2","subnet-3"]"#),
        ("!Select [1, [a, b, c]]", r#""b""#),
        ("!Select ['2', !Ref Subnets]", r#""subnet-3""#),
        ("!Select [0, !GetAZs {Ref: 'AWS::Region'}]", r#""us-east-1a""#),
        ("!Select [0, [{a: b}]]", r#"{"a":"b"}"#),
        ("!GetAZs eu-west-1", r#"["eu-west-1a","eu-west-1b","eu-west-1c"]"#),
        ("!FindInMap [Regions, !Ref 'AWS::Region', Ami]", r#""ami-east""#),
        ("!FindInMap [Regions, eu-west-1, Size]", "3"),
        ("!FindInMap [Regions, us-east-1, Zones]", r#"["a","b"]"#),
        ("!Base64 hello world", r#""aGVsbG8gd29ybGQ=""#),
        ("!Base64 {'Fn::Sub': '${Env}-x'}", r#""ZGV2LXg=""#),
        (
            "!Sub '${Env}-${Count}-${Q}-${Q.Arn}-${AWS::Region}-${!Env}-$x-${'",
            r#""dev-3-id-Q-Q.Arn-us-east-1-${Env}-$x-${""#,
        ),
        ("!Sub ['${Env}/${Own}', {Env: mine, Own: !Join ['', [a, 1]]}]", r#""mine/a1""#),
        ("!ImportValue {'Fn::Sub': '${Env}-vpc'}", r#""import-dev-vpc""#),
        ("!Cidr ['10.0.0.0/16', 2, 8]", r#"["10.0.0.0/24","10.0.1.0/24"]"#),
        ("!Select [1, !Cidr [10.0.0.0/16, !Ref Count, '8']]", r#""10.0.1.0/24""#),
        (
            "{Statement: {Condition: {StringEquals: {a: !Ref Env}}, Effect: Allow}}",
            r#"{"Statement":{"Condition":{"StringEquals":{"a":"dev"}},"Effect":"Allow"}}"#,
        ),
        ("{Condition: {Bool: {x: true}}}", r#"{"Condition":{"Bool":{"x":true}}}"#),
        ("{'Fn::Join': a, Other: b}", r#"{"Fn::Join":"a","Other":"b"}"#),
    ] {
        assert_eq!(resolved(value).as_deref(), Ok(json), "{value}");
    }
}

#[test]
fn what_cannot_be_resolved() {
    for (value, sentence) in [
        ("!Select [3, [a, b]]", "Template error: Fn::Select cannot select nonexistent value at index 3"),
        ("!Select [-1, [a, b]]", "Template error: Fn::Select cannot select nonexistent value at index -1"),
        (
            "!Select [x, [a, b]]",
            "Template error: Fn::Select requires a list argument with a valid index value as its first element",
        ),
        (
            "!Select [0, !Ref Env]",
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
        ),
        (
            "!FindInMap [Regions, ap-south-1, Ami]",
            "Template error: Unable to get mapping for Regions::ap-south-1::Ami",
        ),
        (
            "!If [IsProd, a, !FindInMap [Regions, !Ref Env, Ami]]",
            "Template error: Unable to get mapping for Regions::dev::Ami",
        ),
        (
            "!Join ['', !Ref Env]",
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined \
             or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
        ),
        (
            "!Join ['', [[a]]]",
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined \
             or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
        ),
        (
            "!Sub '${Subnets}'",
            "Template error: variable Subnets in Fn::Sub expression does not resolve to a string",
        ),
        (
            "!Sub ['${A}', {A: !Ref Subnets}]",
            "Template error: every value of the context object of every Fn::Sub object must be a string or a function that returns a string",
        ),
        (
            "!GetAtt Q.Nothing",
            "Template error: resource Q does not support attribute type Nothing in Fn::GetAtt",
        ),
        ("!ImportValue missing", "No export named missing found."),
        ("!Base64 {Ref: Subnets}", "Template error: every Fn::Base64 object must have a String-typed value."),
        (
            "!Cidr ['10.0.0.0/24', 9, 5]",
            "Template error: Fn::Cidr cannot make 9 blocks with 5 subnet bits out of 10.0.0.0/24",
        ),
        ("!Equals [a, b]", "Template error: Fn::Equals can only be used in Conditions and Rules"),
        (
            "{A: !Sub '{{resolve:${Env}:x}}', B: !Join ['', ['{{resolve:s', 'sm-secure:/p}}']]}",
            "SSM Secure reference is not supported in: [AWS::S3::Bucket/Properties/P/B]",
        ),
    ] {
        assert_eq!(resolved(value).unwrap_err(), sentence, "{value}");
    }
}

#[test]
fn mappings_in_branches_not_taken_are_not_looked_up() {
    assert_eq!(resolved("!If [IsProd, !FindInMap [Regions, x, y], a]").as_deref(), Ok(r#""a""#));
}

#[test]
fn language_extensions() {
    let extended = |value: &str| {
        let plan = plan(&format!("Transform: AWS::LanguageExtensions\n{HEAD}{value}\n"), &[])
            .map_err(|error| error.to_string())?;
        let properties = plan.properties("R", &Everything).map_err(|error| error.to_string())?;
        Ok::<_, String>(properties.get("P").map(ToString::to_string).unwrap_or_default())
    };
    for (value, json) in [
        ("!Length [a, b]", "2"),
        ("!Length {Ref: Subnets}", "3"),
        ("!ToJsonString {a: [1, !Ref Env], b: !Ref AWS::NoValue}", r#""{\"a\":[1,\"dev\"]}""#),
        ("!FindInMap [Regions, x, y, {DefaultValue: !Ref Env}]", r#""dev""#),
        ("!FindInMap [Nope, x, y, {DefaultValue: d}]", r#""d""#),
        ("!FindInMap [Regions, us-east-1, Ami, {DefaultValue: d}]", r#""ami-east""#),
    ] {
        assert_eq!(extended(value).as_deref(), Ok(json), "{value}");
    }
    assert_eq!(
        extended("!Length {Ref: Env}").unwrap_err(),
        "Template error: every Fn::Length object requires a list or a function that returns a list."
    );
    assert_eq!(
        extended("{'Fn::ForEach::X': [I, [a], {'${I}': b}]}").unwrap_err(),
        "Fn::ForEach is not built in Cloudchamber. Write out each of its repetitions."
    );
    let policies = "Transform: AWS::LanguageExtensions\nParameters:\n  D: {Type: String, Default: Retain}\nResources:\n  B: {Type: X, \
                    DeletionPolicy: !Ref D, UpdateReplacePolicy: Delete}\n";
    assert_eq!(plan(policies, &[]).unwrap().deletion_policy("B"), Ok(DeletionPolicy::Retain));
    assert_eq!(
        unplanned(policies, &[("D", "Keep")]),
        "Template format error: Unrecognized DeletionPolicy Keep for resource B"
    );
}

#[test]
fn a_template_cannot_ask_for_any_amount_of_memory() {
    let value = "x".repeat(4000);
    let refs = vec!["!Ref A"; 5000].join(", ");
    let yaml = format!(
        "Parameters:\n  A: {{Type: String, Default: {value}}}\nResources:\n  B:\n    Type: X\n    Properties:\n      P: [{refs}]\n"
    );
    let template = Arc::new(Template::parse(&yaml, Source::S3).unwrap());
    let values = template.parameter_values(&IndexMap::new()).unwrap();
    let error = Plan::new(template, values, pseudo()).unwrap().properties("B", &Everything).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Template validation error: the resolved template may not exceed 16 MiB in size."
    );
}
