use super::*;
use wire::document;

#[test]
fn every_owned_runbook_is_one() {
    for owned in owned::ALL {
        let parsed = read(owned.content, true).and_then(|document| Runbook::parse(&document));
        let runbook = parsed.unwrap_or_else(|fault| panic!("{}: {}", owned.name, fault.message()));
        let required = owned.name.starts_with("AWSConfigRemediation-");
        let role = &runbook.parameters["AutomationAssumeRole"];
        assert_eq!(role.default.is_none(), required, "{}", owned.name);
    }
}

fn fault(document: &Document) -> Fault {
    Runbook::parse(document).unwrap_err()
}

fn script(extra: &Document) -> Document {
    let mut inputs = document!({ "Runtime": "python3.11", "Handler": "run", "Script": "def run(e, c):\n  return f'{{ {e} }}'\n" });
    for (name, value) in extra.as_object().unwrap() {
        inputs.set(name.clone(), value.clone());
    }
    document!({ "schemaVersion": "0.3", "mainSteps": [{ "name": "one", "action": "aws:executeScript", "inputs": inputs }] })
}

#[test]
fn wrong_runbooks_are_refused_by_name() {
    let step = |extra: Document| {
        let mut step = document!({ "name": "one", "action": "aws:sleep", "inputs": { "Duration": "PT1S" } });
        for (name, value) in extra.as_object().unwrap() {
            step.set(name.clone(), value.clone());
        }
        document!({ "schemaVersion": "0.3", "mainSteps": [step] })
    };
    Runbook::parse(&step(document!({}))).unwrap();
    assert!(matches!(fault(&document!({ "schemaVersion": "2.2", "mainSteps": [] })), Fault::Version(_)));
    assert!(matches!(fault(&step(document!({ "action": "aws:runCommand" }))), Fault::NotBuilt(_)));
    for (extra, part) in [
        (document!({ "Runtime": "PowerShell 7.0" }), "The runtime PowerShell 7.0 of aws:executeScript"),
        (document!({ "Attachment": "a.zip" }), "Attachment of aws:executeScript"),
    ] {
        let fault = fault(&script(&extra));
        assert!(matches!(fault, Fault::NotBuilt(_)) && fault.message().starts_with(part), "{fault:?}");
    }
    // Braces in a script are Python's own.
    Runbook::parse(&script(&document!({}))).unwrap();
    for (extra, part) in [
        (document!({ "Runtime": "python2.7" }), "The runtime python2.7 of the step one is not supported"),
        (document!({ "Runtime": "python3.12" }), "is not supported"),
        (document!({ "Handler": "" }), "lacks the input Handler"),
        (document!({ "Script": "" }), "lacks the input Script"),
        (document!({ "Stdin": "x" }), "has the input Stdin, which aws:executeScript has not"),
        (document!({ "InputPayload": { "a": "{{ Gone }}" } }), "{{ Gone }}, which is not defined"),
    ] {
        let message = fault(&script(&extra)).message().to_owned();
        assert!(message.contains(part), "{message}");
    }
    for (extra, part) in [
        (document!({ "action": "aws:nothing" }), "aws:nothing is not supported"),
        (document!({ "nextStep": "gone" }), "the step gone, which is not defined"),
        (document!({ "onFailure": "step:gone" }), "the step gone, which is not defined"),
        (document!({ "onFailure": "Wait" }), "onFailure Wait"),
        (document!({ "inputs": { "Duration": "{{ Gone }}" } }), "{{ Gone }}, which is not defined"),
        (document!({ "inputs": {} }), "either Duration or Timestamp"),
        (document!({ "surprise": 1 }), "\"surprise\""),
        (document!({ "maxAttempts": 0 }), "maxAttempts"),
        (document!({ "action": "aws:executeAwsApi" }), "lacks the input Service"),
    ] {
        let message = fault(&step(extra)).message().to_owned();
        assert!(message.contains(part), "{message}");
    }
    assert!(read("a: [", true).unwrap_err().message().starts_with("YAML not well-formed. at Line: "));
    assert_eq!(read("{", false).unwrap_err().message(), "JSON not well-formed. at Line: 1, Column: 1");
    assert!(read("a: &x 1\nb: *x", true).is_err());
}
