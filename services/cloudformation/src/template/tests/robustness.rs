use super::*;
use proptest::prelude::*;

/// Parses, and goes on with whatever is accepted; nothing here may panic.
fn carry_out(bytes: &[u8]) {
    let Ok(template) = Template::parse_bytes(bytes, Source::S3) else { return };
    let _ = template.summary();
    let values: IndexMap<String, String> =
        template.parameters.keys().map(|name| (name.clone(), "1".to_owned())).collect();
    let Ok(values) = template.parameter_values(&values) else { return };
    let Ok(plan) = Plan::new(Arc::new(template), values, pseudo()) else { return };
    for name in plan.graph().order() {
        let _ = plan.properties(name, &Everything);
    }
    let _ = plan.outputs(&Everything);
}

/// Pieces of templates, put together at random: more of them get past the reader than of random bytes.
fn fragments() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Resources:\n",
        "Parameters:\n",
        "Conditions:\n",
        "Outputs:\n",
        "Mappings:\n",
        "Rules:\n",
        "Transform: AWS::LanguageExtensions\n",
        "  A: ",
        "  B: ",
        "  P: ",
        "{Type: X, Properties: ",
        "{Type: String, Default: ",
        "{Value: ",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "a",
        "1",
        "!Ref A",
        "!Ref P",
        "!GetAtt A.B",
        "!Sub '${A}${A.B}${P}'",
        "!If [C, ",
        "!Join ['', ",
        "!Select [0, ",
        "!Split [',', ",
        "!FindInMap [A, a, ",
        "!Equals [",
        "!And [",
        "!Cidr [10.0.0.0/8, ",
        "!GetAZs ''",
        "'Fn::Sub': ",
        "Ref: ",
        "Condition: ",
        "\n",
        "  ",
        "- ",
        ": ",
        "~",
        "!!str ",
        "&a ",
        "*a",
        "|\n",
        "\"",
        "'",
        "#",
        "---\n",
        "? ",
        "%YAML 1.1\n",
        "\t",
        "\u{85}",
        "\u{feff}",
        "é",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        carry_out(&bytes);
    }

    #[test]
    fn arbitrary_text_does_no_harm(text in "\\PC{0,200}") {
        carry_out(text.as_bytes());
        carry_out(format!("Resources:\n  A: {{Type: X, Properties: {{P: {text}}}}}\n").as_bytes());
    }

    #[test]
    fn fragments_do_no_harm(text in fragments()) {
        carry_out(text.as_bytes());
        carry_out(format!("Resources:\n  A: {{Type: X, Properties: {{P: {text}}}}}\n").as_bytes());
    }

    #[test]
    fn plain_scalars_keep_their_text(text in "[a-zA-Z0-9.+_][a-zA-Z0-9.+_:-]{0,14}[a-zA-Z0-9]") {
        let value = super::super::yaml::parse(&format!("a: {text}")).unwrap();
        let value = value.get("a").unwrap();
        if !matches!(value, Document::Boolean(_) | Document::Null) {
            prop_assert_eq!(super::super::sections::text_of(value).unwrap(), text);
        }
    }

    #[test]
    fn any_pattern_ends(pattern in "[()\\[\\]{}|*+?.^$a-c0-9\\\\d-]{0,20}", value in "[a-c0-9]{0,40}") {
        if let Ok(pattern) = super::super::pattern::Pattern::parse("P", pattern) {
            let _ = pattern.matches(&value);
        }
    }
}
