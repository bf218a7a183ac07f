use super::*;

const CONDITIONS: &str = "Parameters:
  Env: {Type: String, Default: dev}
  Size: {Type: String, Default: small}
Conditions:
  ProdAndBig: !And [!Condition IsProd, !Condition IsBig]
  ProdOrBig: !Or [!Condition IsProd, !Condition IsBig]
  NotProd: !Not [!Condition IsProd]
  IsProd: !Equals [!Ref Env, prod]
  IsBig: !Equals [!Ref Size, big]
";

#[test]
fn conditions_decide_what_there_is() {
    let yaml = format!(
        "{CONDITIONS}Resources:
  Always: {{Type: X}}
  Prod: {{Type: X, Condition: IsProd}}
  Both: {{Type: X, Condition: ProdAndBig}}
  Either: {{Type: X, Condition: ProdOrBig}}
  Dev: {{Type: X, Condition: NotProd}}
Outputs:
  A: {{Value: !Ref Always, Description: d, Export: {{Name: !Sub '${{AWS::StackName}}-a'}}}}
  P: {{Value: !Ref Prod, Condition: IsProd}}
"
    );
    for (env, size, resources, outputs) in [
        ("prod", "small", vec!["Always", "Prod", "Either"], vec!["A", "P"]),
        ("prod", "big", vec!["Always", "Prod", "Both", "Either"], vec!["A", "P"]),
        ("dev", "big", vec!["Always", "Either", "Dev"], vec!["A"]),
        ("dev", "small", vec!["Always", "Dev"], vec!["A"]),
    ] {
        let plan = plan(&yaml, &[("Env", env), ("Size", size)]).unwrap();
        assert_eq!(plan.resources().map(|(name, _)| name).collect::<Vec<_>>(), resources);
        assert_eq!(plan.graph().order().collect::<Vec<_>>(), resources);
        let given = plan.outputs(&Everything).unwrap();
        assert_eq!(given.iter().map(|output| output.name.as_str()).collect::<Vec<_>>(), outputs);
        assert_eq!(given[0].value, "id-Always");
        assert_eq!(given[0].export.as_deref(), Some("lab-a"));
        assert_eq!(plan.condition("IsProd"), Some(env == "prod"));
        assert_eq!(plan.resource("Prod").is_some(), env == "prod");
    }
}

#[test]
fn references_to_what_will_not_be() {
    let prod = "  Prod: {Type: X, Condition: IsProd}\n";
    for (rest, sentence) in [
        (
            "  Q: {Type: X, Properties: {N: !Ref Prod}}\n",
            "Template format error: Unresolved resource dependencies [Prod] in the Resources block of the template",
        ),
        (
            "  Q: {Type: X, Properties: {N: !GetAtt Prod.Arn}}\n",
            "Template format error: Unresolved resource dependencies [Prod] in the Resources block of the template",
        ),
        (
            "  Q: {Type: X, Properties: {N: !Sub '${Prod.Arn}'}}\n",
            "Template format error: Unresolved resource dependencies [Prod] in the Resources block of the template",
        ),
        (
            "  Q: {Type: X}\nOutputs:\n  O: {Value: !GetAtt Prod.Arn}\n",
            "Unresolved resource dependencies [Prod] in the Outputs block of the template",
        ),
    ] {
        let yaml = format!("{CONDITIONS}Resources:\n{prod}{rest}");
        assert_eq!(unplanned(&yaml, &[]), sentence, "{rest}");
        plan(&yaml, &[("Env", "prod")]).unwrap();
    }
    let none = "Conditions:\n  No: !Equals [a, b]\nResources:\n  A: {Type: X, Properties: !If [No, {P: 1}, !Ref AWS::NoValue]}\n";
    assert_eq!(plan(none, &[]).unwrap().properties("A", &Everything).unwrap(), Document::object());
    // DependsOn, a branch that is not taken, and a resource that will not be either, do not count.
    let yaml = format!(
        "{CONDITIONS}Resources:\n{prod}  A: {{Type: X, DependsOn: Prod}}\n  B: {{Type: X, Properties: {{N: !If [IsProd, !Ref Prod, a]}}}}\n  \
         C: {{Type: X, Condition: IsProd, Properties: {{N: !Ref Prod}}}}\n"
    );
    let without = plan(&yaml, &[]).unwrap();
    assert_eq!(without.graph().order().collect::<Vec<_>>(), ["A", "B"]);
    assert_eq!(without.graph().dependencies("B").count(), 0);
    let with = plan(&yaml, &[("Env", "prod")]).unwrap();
    assert_eq!(with.graph().dependencies("B").collect::<Vec<_>>(), ["Prod"]);
    assert_eq!(with.graph().dependencies("A").collect::<Vec<_>>(), ["Prod"]);
}

#[test]
fn order_and_circles() {
    let yaml = "Resources:
  Route: {Type: X, DependsOn: [Attachment], Properties: {T: !Ref Table, G: !Ref Gateway}}
  Table: {Type: X, Properties: {V: !GetAtt Vpc.VpcId}}
  Attachment: {Type: X, Properties: {V: !Sub '${Vpc}', G: !Ref Gateway}}
  Gateway: {Type: X, Metadata: {Of: !Ref Notes}}
  Vpc: {Type: X}
  Notes: {Type: X}
";
    let plan = plan(yaml, &[]).unwrap();
    let order: Vec<&str> = plan.graph().order().collect();
    assert_eq!(order, ["Vpc", "Notes", "Table", "Gateway", "Attachment", "Route"]);
    assert_eq!(plan.graph().dependencies("Route").collect::<Vec<_>>(), ["Attachment", "Table", "Gateway"]);
    assert_eq!(plan.graph().reversed().order().next(), Some("Route"));
    assert_eq!(plan.metadata("Gateway", &Everything).unwrap().unwrap().to_string(), r#"{"Of":"id-Notes"}"#);

    let circle = "Resources:\n  A: {Type: X, Properties: {P: !Ref B}}\n  B: {Type: X, DependsOn: A}\n  C: {Type: X, DependsOn: A}\n";
    assert_eq!(refused(circle), "Circular dependency between resources: [A, B]");
    let conditional = format!(
        "{CONDITIONS}Resources:\n  A: {{Type: X, Properties: {{P: !If [IsProd, !Ref B, x]}}}}\n  B: {{Type: X, DependsOn: A}}\n"
    );
    super::plan(&conditional, &[]).unwrap();
    assert_eq!(unplanned(&conditional, &[("Env", "prod")]), "Circular dependency between resources: [A, B]");
}

#[test]
fn exports() {
    const MALFORMED: &str = "Template format error: Output O is malformed. The Name field of every Export member must be specified and consist \
                             only of alphanumeric characters, colons, or hyphens.";
    for name in ["a_b", "''", "a b", "!Ref B", "!GetAtt B.Arn", "!GetAZs ''"] {
        assert_eq!(
            unplanned(&format!("{BUCKET}Outputs:\n  O: {{Value: a, Export: {{Name: {name}}}}}\n"), &[]),
            MALFORMED,
            "{name}"
        );
    }
    let plan =
        plan(&format!("{BUCKET}Outputs:\n  O: {{Value: 1, Export: {{Name: !Join [':', [a, b]]}}}}\n"), &[])
            .unwrap();
    assert_eq!(plan.exports().unwrap().get("O").map(String::as_str), Some("a:b"));
    assert_eq!(plan.outputs(&Everything).unwrap()[0].value, "1");
}

#[test]
fn outputs_are_texts() {
    let plan = plan(&format!("{BUCKET}Outputs:\n  O: {{Value: !GetAtt B.List}}\n"), &[]).unwrap();
    assert_eq!(
        plan.outputs(&Everything).unwrap_err().to_string(),
        "Template format error: Every Value member must be a string."
    );
}

#[test]
fn what_is_not_built_says_so() {
    let sam = "Transform: AWS::Serverless-2016-10-31\nGlobals: {Function: {Timeout: 3}}\nResources:\n  F: {Type: AWS::Serverless::Function}\n\
               Outputs:\n  O: {Value: !Ref ServerlessRestApi}\n";
    for (yaml, begins) in [
        (sam.to_owned(), "Transform AWS::Serverless-2016-10-31 is not built in Cloudchamber. "),
        (format!("Transform: [AWS::LanguageExtensions, MyMacro]\n{BUCKET}"), "Transform MyMacro is not built in Cloudchamber. "),
        (format!("Transform: {{Name: AWS::Include, Parameters: {{Location: s3://b/k}}}}\n{BUCKET}"),
            "Transform AWS::Include is not built in Cloudchamber. "),
        ("Resources:\n  B:\n    Type: X\n    Properties:\n      P: !Transform {Name: Inline, Parameters: {a: b}}\n".to_owned(),
            "Transform Inline is not built in Cloudchamber. "),
        (format!("Hooks: {{}}\n{BUCKET}"), "The template section Hooks is not built in Cloudchamber. "),
        (format!("Transform: AWS::LanguageExtensions\n{BUCKET}  'Fn::ForEach::Topics': [N, [a, b], {{'T${{N}}': {{Type: X}}}}]\n"),
            "Fn::ForEach is not built in Cloudchamber. "),
        ("Resources:\n  B: {Type: X, Properties: {P: '{{resolve:secretsmanager:s:SecretString:p}}'}}\n".to_owned(),
            "The dynamic reference {{resolve:secretsmanager:…}} is not built in Cloudchamber. "),
        ("Resources:\n  B: {Type: X}\nOutputs: {O: {Value: 'a{{resolve:ssm-secure:/p:1}}b'}}\n".to_owned(),
            "The dynamic reference {{resolve:ssm-secure:…}} is not built in Cloudchamber. "),
    ] {
        let error = plan(&yaml, &[]).map(|_| ()).expect_err(&yaml);
        assert_eq!(error.kind(), TemplateErrorKind::NotBuilt, "{error}");
        assert_eq!(error.code(), "ValidationError");
        assert!(error.to_string().starts_with(begins), "{error}");
    }
    plan("Resources:\n  B: {Type: X, Properties: {P: 'echo {{resolve:nothing}} {{x}}'}}\n", &[]).unwrap();
}

#[test]
fn policies() {
    let yaml = "Resources:
  A: {Type: X}
  B: {Type: X, DeletionPolicy: Retain, UpdateReplacePolicy: Retain}
  C: {Type: X, DeletionPolicy: RetainExceptOnCreate}
  D: {Type: AWS::RDS::DBInstance, DeletionPolicy: Snapshot, UpdateReplacePolicy: Snapshot, CreationPolicy: {ResourceSignal: {Count: 1}}}
";
    let plan = plan(yaml, &[]).unwrap();
    let policies: Vec<_> = ["A", "B", "C", "D"]
        .map(|name| (plan.deletion_policy(name).unwrap(), plan.update_replace_policy(name).unwrap()))
        .into();
    assert_eq!(
        policies,
        [
            (DeletionPolicy::Delete, DeletionPolicy::Delete),
            (DeletionPolicy::Retain, DeletionPolicy::Retain),
            (DeletionPolicy::RetainExceptOnCreate, DeletionPolicy::Delete),
            (DeletionPolicy::Snapshot, DeletionPolicy::Snapshot),
        ]
    );
    assert!(plan.creation_policy("D", &Everything).unwrap().is_some());
    assert!(plan.update_policy("D", &Everything).unwrap().is_none());
}
