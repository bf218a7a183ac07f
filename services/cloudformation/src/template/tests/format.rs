use super::*;

#[test]
fn well_formedness() {
    for (text, sentence) in [
        ("{", "Template format error: JSON not well-formed. (line 1, column 1)"),
        ("\n  { \"a\": }", "Template format error: JSON not well-formed. (line 2, column 10)"),
        ("a: [", "Template format error: YAML not well-formed. (line 2, column 1)"),
        (
            "Resources:\n  B:\n    Type: X\n   P: 1\n",
            "Template format error: YAML not well-formed. (line 4, column 4)",
        ),
        ("file://template.yaml", "Template format error: unsupported structure."),
        ("", "Template format error: unsupported structure."),
        ("[]", "Template format error: unsupported structure."),
        ("- a\n- b\n", "Template format error: unsupported structure."),
        ("{}", "Template format error: At least one Resources member must be defined."),
    ] {
        assert_eq!(Template::parse(text, Source::Body).unwrap_err().to_string(), sentence, "{text}");
    }
    assert_eq!(
        Template::parse_bytes(b"\xff\xfe", Source::S3).unwrap_err().to_string(),
        "Template format error: unsupported structure."
    );
}

#[test]
fn sizes() {
    let large = format!("{BUCKET}# {}\n", "x".repeat(51_200));
    assert_eq!(
        Template::parse(&large, Source::Body).unwrap_err().to_string(),
        "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to 51200"
    );
    assert!(Template::parse(&large, Source::S3).is_ok());
    let larger = format!("{BUCKET}# {}\n", "x".repeat(1_000_000));
    assert_eq!(
        Template::parse(&larger, Source::S3).unwrap_err().to_string(),
        "Template may not exceed 1000000 bytes in size."
    );
}

#[test]
fn quotas() {
    let many = |section: &str, count: usize, member: &str| {
        let members: String = (0..count).map(|index| format!("  X{index}: {member}\n")).collect();
        let resources = if section == "Resources" { "" } else { BUCKET };
        Template::parse(&format!("{section}:\n{members}{resources}"), Source::S3)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    for (section, what, maximum, member) in [
        ("Resources", "resources", 500, "{Type: A::B::C}"),
        ("Parameters", "parameters", 200, "{Type: String}"),
        ("Outputs", "outputs", 200, "{Value: a}"),
        ("Mappings", "mappings", 200, "{a: {b: c}}"),
    ] {
        assert_eq!(many(section, maximum, member), Ok(()), "{section}");
        assert_eq!(
            many(section, maximum + 1, member).unwrap_err(),
            format!(
                "Template format error: Number of {what}, {}, is greater than maximum allowed, {maximum}",
                maximum + 1
            )
        );
    }
}

#[test]
fn sections() {
    for (yaml, sentence) in [
        (
            "Bogus: 1\nOther: 2\nResources:\n  B: {Type: X}\n",
            "Invalid template property or properties [Bogus, Other]",
        ),
        (
            "Description: no resources\n",
            "Template format error: At least one Resources member must be defined.",
        ),
        ("Resources: {}\n", "Template format error: At least one Resources member must be defined."),
        ("Resources: [a]\n", "Template format error: Resources must be an object"),
        (
            "AWSTemplateFormatVersion: 2012-10-17\nResources:\n  B: {Type: X}\n",
            "Template format error: unsupported value for AWSTemplateFormatVersion.",
        ),
        (
            "Description: [a]\nResources:\n  B: {Type: X}\n",
            "Template format error: Every Description member must be a string.",
        ),
        ("Metadata: text\nResources:\n  B: {Type: X}\n", "Template format error: Metadata must be an object"),
        (
            "Parameters:\nResources:\n  B: {Type: X}\n",
            "[/Parameters] 'null' values are not allowed in templates",
        ),
        (
            "Parameters: [a]\nResources:\n  B: {Type: X}\n",
            "Template format error: Parameters must be an object",
        ),
        ("Resources:\n  B:\n", "[/Resources/B] 'null' values are not allowed in templates"),
        (
            "Resources:\n  B:\n    Type: X\n    Properties:\n      Tags:\n        - Key: a\n          Value:\n",
            "[/Resources/B/Type/Tags/0/Value] 'null' values are not allowed in templates",
        ),
    ] {
        assert_eq!(refused(yaml), sentence, "{yaml}");
    }
    let long = format!("Description: {}\n{BUCKET}", "x".repeat(1025));
    assert_eq!(refused(&long), "Template format error: 'Description' length is greater than 1024.");
    let template = parse(&format!("AWSTemplateFormatVersion: 2010-09-09\nDescription: 12\n{BUCKET}"));
    assert_eq!(
        (template.version.as_deref(), template.description.as_deref()),
        (Some("2010-09-09"), Some("12"))
    );
}

#[test]
fn resources() {
    for (resource, sentence) in [
        (
            "{Properties: {}}",
            "Template format error: [/Resources/B] Every Resources object must contain a Type member.",
        ),
        ("text", "Template format error: Any Resources member must be an object."),
        ("{Type: X, Invalid: 1}", "Invalid template resource property 'Invalid'"),
        (
            "{Type: X, Properties: [a]}",
            "Template format error: [/Resources/B] Every Properties member must be an object.",
        ),
        (
            "{Type: X, DependsOn: {a: b}}",
            "Template format error: DependsOn must be a string or list of strings.",
        ),
        ("{Type: X, DependsOn: [1]}", "Template format error: Every DependsOn value must be a string."),
        (
            "{Type: X, DependsOn: Nope}",
            "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
        ),
        ("{Type: X, DependsOn: B}", "Circular dependency between resources: [B]"),
        (
            "{Type: X, Condition: Nope}",
            "Template format error: Unresolved condition dependency Nope in the Resources block of the template",
        ),
        (
            "{Type: X, Condition: !Equals [a, a]}",
            "Template format error: Every Condition member must be a string.",
        ),
        (
            "{Type: X, DeletionPolicy: Keep}",
            "Template format error: Unrecognized DeletionPolicy Keep for resource B",
        ),
        (
            "{Type: X, DeletionPolicy: !Ref P}",
            "Template format error: Every DeletionPolicy member must be a string.",
        ),
        (
            "{Type: X, UpdateReplacePolicy: RetainExceptOnCreate}",
            "Template format error: Unrecognized UpdateReplacePolicy RetainExceptOnCreate for resource B",
        ),
        (
            "{Type: AWS::DynamoDB::Table, DeletionPolicy: Snapshot}",
            "Template error: resource type AWS::DynamoDB::Table does not support deletion policy Snapshot",
        ),
    ] {
        assert_eq!(refused(&format!("Resources:\n  B: {resource}\n")), sentence, "{resource}");
    }
    assert_eq!(
        refused("Resources:\n  my-bucket: {Type: X}\n"),
        "Template format error: Resource name my-bucket is non alphanumeric."
    );
    assert_eq!(
        refused("Parameters:\n  B: {Type: String}\nResources:\n  B: {Type: X}\n"),
        "Template error: all resources and parameters must have unique names. Common name(s): [B]"
    );
}

#[test]
fn outputs() {
    for (output, sentence) in [
        ("{Description: d}", "Template format error: Every Outputs member must contain a Value object"),
        ("{Value: a, Foo: b, Bar: c}", "Template format error: Invalid outputs property : [Foo, Bar]"),
        ("text", "Template format error: Any Outputs member must be an object."),
        ("{Value: [a]}", "Template format error: Every Value member must be a string."),
        ("{Value: ~}", "[/Outputs/O/Value] 'null' values are not allowed in templates"),
        (
            "{Value: !Ref Nope}",
            "Unresolved resource dependencies [Nope] in the Outputs block of the template",
        ),
        (
            "{Value: !GetAtt Nope.Arn}",
            "Template error: instance of Fn::GetAtt references undefined resource Nope",
        ),
        (
            "{Value: a, Condition: Nope}",
            "Template format error: Unresolved condition dependency Nope in the Outputs block of the template",
        ),
        (
            "{Value: a, Export: b}",
            "Template format error: Output O is malformed. The Name field of every Export member must be specified and consist only of \
             alphanumeric characters, colons, or hyphens.",
        ),
    ] {
        assert_eq!(refused(&format!("{BUCKET}Outputs:\n  O: {output}\n")), sentence, "{output}");
    }
}

#[test]
fn mappings() {
    for (mappings, sentence) in [
        ("M: {a: b}", "Template format error: Every Mappings member a must be a map"),
        ("M: text", "Template format error: Every Mappings member M must be a map"),
        (
            "M: {a: {b: {c: d}}}",
            "Template format error: Every Mappings attribute must be a String or a List.",
        ),
        (
            "M: {a: {b: !Ref X}}",
            "Template format error: Every Mappings attribute must be a String or a List.",
        ),
        ("M: {a: {b: [[c]]}}", "Template format error: Every Mappings attribute must be a String or a List."),
        ("my-map: {a: {b: c}}", "Template format error: Mappings name my-map is non alphanumeric."),
    ] {
        assert_eq!(refused(&format!("Mappings:\n  {mappings}\n{BUCKET}")), sentence, "{mappings}");
    }
    let template =
        parse(&format!("Mappings:\n  M: {{us-east-1: {{a: b, n: 1, l: [x, y], t: true}}}}\n{BUCKET}"));
    assert_eq!(template.mappings.find("M", "us-east-1", "n").unwrap(), &Document::from(1));
    assert_eq!(
        template.mappings.find("M", "eu-west-1", "a").unwrap_err().to_string(),
        "Template error: Unable to get mapping for M::eu-west-1::a"
    );
}

#[test]
fn conditions() {
    let many = ["!Equals [a, b]"; 11].join(", ");
    for (conditions, sentence) in [
        (
            "C: yes".to_owned(),
            "Template format error: Conditions can only be boolean operations on parameters and other conditions",
        ),
        (
            "C: !Equals [!Ref B, x]".to_owned(),
            "Template format error: Unresolved dependencies [B]. Cannot reference resources in the Conditions block of the template",
        ),
        (
            "C: !Equals [!GetAtt B.Arn, !Sub '${Q}']".to_owned(),
            "Template format error: Unresolved dependencies [B, Q]. Cannot reference resources in the Conditions block of the template",
        ),
        (
            "C: !Not [!Condition Nope]".to_owned(),
            "Template error: unresolved condition dependency Nope in Condition",
        ),
        (
            "C: !Equals [!ImportValue x, y]".to_owned(),
            "Template error: Cannot use Fn::ImportValue in Conditions.",
        ),
        (
            "C: !And [!Equals [a, a]]".to_owned(),
            "Template error: every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
        ),
        (
            format!("C: !Or [{many}]"),
            "Template error: every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.",
        ),
        (
            "C: !Not [!Equals [a, a], !Equals [a, a]]".to_owned(),
            "Template error: every Fn::Not object requires one boolean parameter.",
        ),
        (
            "C: !Equals [a]".to_owned(),
            "Template error: every Fn::Equals object requires a list of 2 string parameters.",
        ),
        (
            "A: !Not [!Condition B]\n  B: !Not [!Condition A]\n  C: !Not [!Condition A]".to_owned(),
            "Template error: Found circular condition dependency: [A, B]",
        ),
        (
            "C: !Equals [!FindInMap [Nope, a, b], c]".to_owned(),
            "Template error: Mapping named 'Nope' is not present in the 'Mappings' section of template.",
        ),
    ] {
        assert_eq!(refused(&format!("Conditions:\n  {conditions}\n{BUCKET}")), sentence, "{conditions}");
    }
}

#[test]
fn references() {
    for (value, sentence) in [
        (
            "!Ref Nope",
            "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
        ),
        (
            "[!Ref X, !Ref Y, !Ref X]",
            "Template format error: Unresolved resource dependencies [X, Y] in the Resources block of the template",
        ),
        (
            "!Ref AWS::Resion",
            "Template format error: Unresolved resource dependencies [AWS::Resion] in the Resources block of the template",
        ),
        (
            "!Sub '${Nope}-x'",
            "Template format error: Unresolved resource dependencies [Nope] in the Resources block of the template",
        ),
        (
            "!Sub '${aws:username}'",
            "Template format error: Unresolved resource dependencies [aws:username] in the Resources block of the template",
        ),
        (
            "!Sub '${Nope.Arn}'",
            "Template error: instance of Fn::Sub references invalid resource attribute Nope.Arn",
        ),
        ("!GetAtt Nope.Arn", "Template error: instance of Fn::GetAtt references undefined resource Nope"),
        ("!If [Nope, a, b]", "Template error: unresolved condition dependency Nope in Fn::If"),
        (
            "!FindInMap [Nope, a, b]",
            "Template error: Mapping named 'Nope' is not present in the 'Mappings' section of template.",
        ),
        ("!Ref B", "Circular dependency between resources: [B]"),
    ] {
        let yaml = format!("Resources:\n  B: {{Type: AWS::S3::Bucket, Properties: {{P: {value}}}}}\n");
        assert_eq!(refused(&yaml), sentence, "{value}");
    }
    parse("Resources:\n  B: {Type: X, Properties: {P: !Sub ['${L}-${AWS::Region}${!Lit}', {L: y}]}}\n");
}

#[test]
fn arguments_of_functions() {
    const JOIN: &str = "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be \
                        joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.";
    const SPLIT: &str = "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split \
                         or a function that returns a string to be split.";
    const SUB: &str = "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first \
                       argument, and an optional second argument to specify a mapping of values to replace in the string";
    const SELECT: &str =
        "Template error: Fn::Select requires a list argument with two elements: an integer index and a list";
    const FIND: &str = "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value";
    const ATT: &str = "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute";
    const FUNCTIONS: &str = "Supported functions are: [Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, \
                             Fn::FindInMap, Fn::Select, Ref, Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, \
                             Fn::EachMemberEquals, Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]";
    let unknown =
        |name: &str| format!("Template Error: Encountered unsupported function: {name} {FUNCTIONS}");
    for (value, sentence) in [
        ("!Join [a]", JOIN.to_owned()),
        ("!Join [[a], [b]]", JOIN.to_owned()),
        ("!Join ['-', text]", JOIN.to_owned()),
        ("!Split [',']", SPLIT.to_owned()),
        ("!Split [',', [a]]", SPLIT.to_owned()),
        ("!Sub [a]", SUB.to_owned()),
        ("!Sub {a: b}", SUB.to_owned()),
        ("!Sub ['${a}', text]", SUB.to_owned()),
        ("!Select [0]", SELECT.to_owned()),
        ("!Select [0, text]", SELECT.to_owned()),
        ("!FindInMap [a, b]", FIND.to_owned()),
        ("!FindInMap [a, b, c, {DefaultValue: d}]", FIND.to_owned()),
        ("!GetAtt B", ATT.to_owned()),
        ("!GetAtt [B]", ATT.to_owned()),
        ("!GetAtt [B, '']", ATT.to_owned()),
        ("!Base64 [a]", "Template error: every Fn::Base64 object must have a String-typed value.".to_owned()),
        ("!GetAZs [a]", "Template error: every Fn::GetAZs object must have a String-typed value.".to_owned()),
        ("!If [a, b]", "Template error: Fn::If requires a list argument with three elements".to_owned()),
        ("{Ref: [a]}", "Template error: every Ref object must have a single String value.".to_owned()),
        ("!Sub '${A-B}'", "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, \
                           and colons".to_owned()),
        ("{'Fn::Ref': a}", unknown("Fn::Ref")),
        ("!Length [a]", unknown("Fn::Length")),
    ] {
        let yaml = format!("Resources:\n  B: {{Type: AWS::S3::Bucket, Properties: {{P: {value}}}}}\n");
        assert_eq!(refused(&yaml), sentence, "{value}");
    }
}
