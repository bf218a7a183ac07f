//! What callers see when a function fails, word for word as on AWS.

use crate::bench::{Bench, OutcomeExt, REQUEST, invocation};
use sandbox::InvocationResult;
use serde_json::json;

const NBSP: &str = "\u{a0}";

#[tokio::test]
async fn an_exception_is_described_with_the_users_frames_only() {
    let bench = Bench::new().await;
    let code = "def inner():\n    return {}['missing']\ndef handler(event, context):\n    return inner()\n";
    let mut environment = bench.start(code).await;
    let outcome = environment.invoke(invocation("{}")).await;
    assert!(
        matches!(&outcome.result, InvocationResult::FunctionError { error_type, .. } if error_type == "KeyError")
    );
    let error = outcome.error();
    assert_eq!(error["errorMessage"], "'missing'");
    assert_eq!(error["errorType"], "KeyError");
    assert_eq!(error["requestId"], REQUEST);
    let trace = error["stackTrace"].as_array().unwrap();
    assert_eq!(trace.len(), 2, "{trace:?}");
    assert_eq!(trace[0], "  File \"/var/task/index.py\", line 4, in handler\n    return inner()\n");
    assert!(trace[1].as_str().unwrap().starts_with("  File \"/var/task/index.py\", line 2, in inner\n"));
    let text = String::from_utf8(outcome.result.payload().to_vec()).unwrap();
    assert!(
        text.starts_with(r#"{"errorMessage": "'missing'", "errorType": "KeyError", "requestId": ""#),
        "{text}"
    );
    let logged = outcome.lines()[0];
    let expected = format!(
        "[ERROR] KeyError: 'missing'\nTraceback (most recent call last):\n\
         {NBSP}{NBSP}File \"/var/task/index.py\", line 4, in handler\n{NBSP}{NBSP}{NBSP}{NBSP}return inner()\n"
    );
    assert!(logged.starts_with(&expected), "{logged}");
    // An exception does not cost the environment.
    assert!(environment.is_usable());
    assert_eq!(environment.invoke(invocation("{}")).await.error()["errorType"], "KeyError");
}

#[tokio::test]
async fn a_module_that_cannot_be_imported_has_a_type_of_its_own() {
    let bench = Bench::new().await;
    let cases = [
        (
            "import nothing_like_it\n",
            "index.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'index': No module named 'nothing_like_it'",
        ),
        (
            "x = 1\n",
            "other.handler",
            "Runtime.ImportModuleError",
            "Unable to import module 'other': No module named 'other'",
        ),
        (
            "x = 1\n",
            "index.missing",
            "Runtime.HandlerNotFound",
            "Handler 'missing' missing on module 'index'",
        ),
        (
            "x = 1\n",
            "nodots",
            "Runtime.MalformedHandlerName",
            "Bad handler 'nodots': not enough values to unpack (expected 2, got 1)",
        ),
        (
            "x = 1\n",
            "sys.exit",
            "Runtime.BuiltInModuleConflict",
            "Cannot use built-in module sys as a handler module",
        ),
        (
            "x = = 1\n",
            "index.handler",
            "Runtime.UserCodeSyntaxError",
            "Syntax error in module 'index': invalid syntax (index.py, line 1)",
        ),
    ];
    for (code, name, error_type, message) in cases {
        let mut spec = bench.spec(&[("index.py", code)]);
        spec.handler = name.to_owned();
        let mut environment = bench.sandbox.start(spec).await.unwrap();
        let outcome = environment.invoke(invocation("{}")).await;
        let error = outcome.error();
        assert_eq!(error["errorType"], error_type);
        assert_eq!(error["errorMessage"], message);
        assert_eq!(error["requestId"], REQUEST);
        let shown = format!("[ERROR] {error_type}: {message}\nTraceback (most recent call last):");
        assert!(outcome.lines()[0].starts_with(&shown), "{:?}", outcome.lines());
        assert!(outcome.max_memory_used_mb > 0);
        assert!(!environment.is_usable());
        // Nothing is left to ask; it says so and does not hang.
        assert_eq!(environment.invoke(invocation("{}")).await.result.error_type(), Some("Runtime.ExitError"));
    }
}

#[tokio::test]
async fn an_exception_while_loading_is_the_functions_error() {
    let bench = Bench::new().await;
    let outcome = bench.run("raise ValueError('at import')\n", "{}").await;
    let error = outcome.error();
    assert_eq!(
        (error["errorType"].as_str(), error["errorMessage"].as_str()),
        (Some("ValueError"), Some("at import"))
    );
    assert!(error["stackTrace"].to_string().contains("/var/task/index.py"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_marshalled_is_named() {
    let bench = Bench::new().await;
    let result = bench.run("def handler(event, context):\n    return {1, 2}\n", "{}").await.error();
    assert_eq!(result["errorType"], "Runtime.MarshalError");
    assert_eq!(
        result["errorMessage"],
        "Unable to marshal response: Object of type set is not JSON serializable"
    );
    assert_eq!(result["stackTrace"], json!([]));
    let event = bench.run("def handler(event, context):\n    return 1\n", "{not json").await.error();
    assert_eq!(event["errorType"], "Runtime.UnmarshalError");
    let said = event["errorMessage"].as_str().unwrap();
    assert!(said.starts_with("Unable to unmarshal input: Expecting property name"), "{said}");
}

#[tokio::test]
async fn a_runtime_that_ends_says_how() {
    let bench = Bench::new().await;
    let cases = [
        ("import sys\ndef handler(event, context):\n    sys.exit(1)\n", "exited with error: exit status 1"),
        ("import os\ndef handler(event, context):\n    os._exit(0)\n", "exited without providing a reason"),
        ("import os\nos._exit(3)\n", "exited with error: exit status 3"),
        (
            "import os\ndef handler(event, context):\n    os.kill(os.getpid(), 9)\n",
            "exited with error: signal: killed",
        ),
        ("import os\ndef handler(event, context):\n    os.abort()\n", "exited with error: signal: aborted"),
    ];
    for (code, how) in cases {
        let mut environment = bench.start(code).await;
        let outcome = environment.invoke(invocation("{}")).await;
        assert!(
            matches!(outcome.result, InvocationResult::Exited { status: Some(_), .. }),
            "{:?}",
            outcome.result
        );
        let message = format!("RequestId: {REQUEST} Error: Runtime {how}");
        assert_eq!(outcome.error(), json!({ "errorType": "Runtime.ExitError", "errorMessage": message }));
        assert_eq!(outcome.platform_line, Some(format!("{message}\nRuntime.ExitError\n")));
        assert!(!environment.is_usable());
    }
}

#[tokio::test]
async fn six_megabytes_are_the_most() {
    let bench = Bench::new().await;
    let code = "def handler(event, context):\n    return 'x' * event['length']\n";
    let mut environment = bench.start(code).await;
    let fits = environment.invoke(invocation("{\"length\": 6291554}")).await;
    assert_eq!(fits.result.payload().len(), sandbox::MAXIMUM_PAYLOAD);
    let outcome = environment.invoke(invocation("{\"length\": 6291555}")).await;
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    assert_eq!(
        outcome.error(),
        json!({ "errorType": "Function.ResponseSizeTooLarge", "errorMessage": message })
    );
    // The runtime survives it and says what it was told.
    let next = environment.invoke(invocation("{\"length\": 1}")).await;
    assert_eq!(next.value(), "x");
    let all = [outcome.lines(), next.lines()].concat().join("\n");
    assert!(
        all.contains("LAMBDA_RUNTIME Failed to post handler success response. Http response code: 413."),
        "{all}"
    );
    assert!(all.contains("Exceeded maximum allowed payload size (6291556 bytes)."), "{all}");
}
