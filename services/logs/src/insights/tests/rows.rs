use super::{answer, of_group, printed, rows};

const CALLS: [&str; 5] = [
    r#"{"eventName":"RunInstances","userIdentity":{"type":"IAMUser","userName":"ann"},"sourceIPAddress":"10.0.1.7","errorCode":"AccessDenied","size":5}"#,
    r#"{"eventName":"ConsoleLogin","userIdentity":{"type":"Root"},"sourceIPAddress":"192.168.0.1","size":40}"#,
    r#"{"eventName":"DeleteTrail","userIdentity":{"type":"IAMUser","userName":"bob"},"sourceIPAddress":"10.0.2.9","size":300}"#,
    "a line of text: user=ann, took 12 ms",
    "an ERROR: user=bob, took 250 ms",
];

fn names(text: &str) -> Vec<String> {
    rows(&format!("{text} | display eventName"), &CALLS)
}

#[test]
fn without_commands_events_are_shown_latest_first() {
    let all = answer("", &CALLS[3..]);
    assert_eq!(all.rows[0][0], ("@timestamp".to_owned(), "2026-11-21 09:30:01.000".to_owned()));
    assert_eq!(all.rows[0][1].1, "an ERROR: user=bob, took 250 ms");
    assert_eq!(all.rows[0][2], ("@ptr".to_owned(), "ptr1".to_owned()));
    assert_eq!((all.rows.len(), all.matched), (2, 2));
    assert_eq!(answer("| filter @message like 'ERROR'", &CALLS).rows.len(), 1);
}

#[test]
fn fields_and_display_choose_the_columns() {
    let line = ["{\"a\":\"x\",\"b\":2}"];
    assert_eq!(rows("fields a, b", &line), ["a=x,b=2"]);
    assert_eq!(rows("fields a | fields b as c, b * 2", &line), ["a=x,c=2,b * 2=4"]);
    assert_eq!(rows("fields a, b | display b", &line), ["b=2"]);
    assert_eq!(rows("fields a, gone, b", &line), ["a=x,b=2"], "what is missing is left out");
    assert_eq!(rows("fields concat(a, '-', b) as c, strlen(c) as n # the end", &line), ["c=x-2,n=3"]);
    assert_eq!(rows("FIELDS a AS `my field` | DISPLAY `my field`", &line), ["my field=x"]);
    assert_eq!(
        rows("fields b = 2 as two, not (b = 2), b ^ 3 % 5 + -1", &line),
        ["two=1,not (b = 2)=0,b ^ 3 % 5 + -1=2"]
    );
}

#[test]
fn filters_let_through_what_they_say() {
    let all = ["eventName=DeleteTrail", "eventName=ConsoleLogin", "eventName=RunInstances"];
    assert_eq!(names("filter eventName in ['RunInstances', \"DeleteTrail\"]"), [all[0], all[2]]);
    assert_eq!(names("filter ispresent(eventName) and eventName not in ['RunInstances']"), [all[0], all[1]]);
    assert_eq!(names("filter userIdentity.type = 'Root'"), [all[1]]);
    assert_eq!(names("filter userIdentity.type != 'Root'"), [all[0], all[2]]);
    assert_eq!(names("filter size > 5 and size <= 300"), [all[0], all[1]]);
    assert_eq!(names("filter size < 40 or size = 300"), [all[0], all[2]]);
    assert_eq!(names("filter eventName like /(?i)^delete/"), [all[0]]);
    assert_eq!(names("filter eventName =~ /In/ and not isPresent(nothing)"), [all[2]]);
    assert_eq!(names("filter eventName like 'Con'"), [all[1]]);
    assert_eq!(names("filter eventName not like /Trail|Login/"), [all[2]]);
    assert_eq!(names("filter errorCode not like 'x'"), [all[2]], "what is missing is not unlike");
    assert_eq!(names("filter isIpInSubnet(sourceIPAddress, '10.0.0.0/16')"), [all[0], all[2]]);
    assert_eq!(names("filter strcontains(eventName, 'Login')"), [all[1]]);
    assert_eq!(names("filter size = 5 or size = 40 and eventName = 'nothing'"), [all[2]], "and binds closer");
    assert_eq!(names("filter (size = 5 or size = 40) and eventName = 'ConsoleLogin'"), [all[1]]);
    assert_eq!(names("filter @timestamp > 1795253401000 and ispresent(eventName)"), [all[0]]);
    assert_eq!(answer("filter size > 1 | filter size > 10", &CALLS).matched, 2);
}

#[test]
fn rows_are_sorted_and_limited() {
    let values = ["{\"n\":10,\"t\":\"b\"}", "{\"n\":9,\"t\":\"a\"}", "{\"n\":100,\"t\":\"b\"}", "text"];
    assert_eq!(rows("fields n | sort n", &values), ["n=9", "n=10", "n=100", ""]);
    assert_eq!(rows("fields n | sort n desc | limit 2", &values), ["n=100", "n=10"]);
    assert_eq!(rows("fields n | order by t asc, n desc | limit 3", &values), ["n=9", "n=100", "n=10"]);
    assert_eq!(rows("fields n | sort @timestamp asc | limit 1", &values), ["n=10"]);
    assert_eq!(rows("limit 2 | fields n", &values), ["", "n=100"], "the latest");
    assert_eq!(
        rows("sort n | limit 3 | fields n | filter n > 9", &values),
        ["n=10", "n=100"],
        "the order stays"
    );
    assert_eq!(rows("sort n | filter n > 9 | limit 1 | display n", &values), ["n=10"]);
    assert_eq!(
        rows("sort n | sort t | display n | limit 2", &values),
        ["n=9", "n=100"],
        "the last sort counts"
    );
}

#[test]
fn dedup_keeps_the_first_of_each() {
    let values = ["{\"n\":1,\"t\":\"b\"}", "{\"n\":2,\"t\":\"a\"}", "{\"n\":3,\"t\":\"b\"}", "text", "text"];
    assert_eq!(rows("fields n | dedup t", &values), ["", "", "n=3", "n=2"]);
    assert_eq!(rows("fields n | sort n | dedup t | limit 2", &values), ["n=1", "n=2"]);
    assert_eq!(rows("fields n | dedup t, n", &values).len(), 5);
}

#[test]
fn parse_finds_fields() {
    let parsed = rows(
        "filter @message like 'took' | parse @message 'user=*, took * ms' as user, took | display user, took",
        &CALLS,
    );
    assert_eq!(parsed, ["user=bob,took=250", "user=ann,took=12"]);
    let regex = r"parse @message /user=(?<user>\w+), took (?<took>\d+)/ | filter took > 100 | display user";
    assert_eq!(rows(regex, &CALLS), ["user=bob"]);
    assert_eq!(rows(r"parse /took (\d+)/ as took | filter took < 100 | display took", &CALLS), ["took=12"]);
    assert_eq!(
        rows("fields eventName | parse eventName 'Run*' as what | filter ispresent(what)", &CALLS),
        ["eventName=RunInstances,what=Instances"]
    );
    assert_eq!(
        rows(
            "parse concat('<', eventName, '>') '<Console*>' as what | filter ispresent(what) | display what",
            &CALLS
        ),
        ["what=Login"]
    );
}

#[test]
fn moments_can_be_computed_with() {
    let line = ["x"];
    let text = "fields datefloor(@timestamp, 1h) as hour, dateceil(@timestamp, 1 d) as day, toMillis(@timestamp) as ms, @ingestionTime - @timestamp as lag, now() as n";
    assert_eq!(
        rows(text, &line),
        ["hour=2026-11-21 09:00:00.000,day=2026-11-22 00:00:00.000,ms=1795253400000,lag=5,n=1795253400"]
    );
    assert_eq!(rows("fields fromMillis(0) as epoch", &line), ["epoch=1970-01-01 00:00:00.000"]);
    assert_eq!(
        rows("fields 1 / 0 as none, sqrt(0 - 1) as neither, 10 % 4 as rest, 7 / 2 as half", &line),
        ["rest=2,half=3.5"]
    );
}

#[test]
fn functions_groups_have_the_fields_of_lambda() {
    let id = "3f1c0f1a-2b4d-4e5f-8a6b-7c8d9e0f1a2b";
    let report = |used: u32, duration: &str| {
        format!(
            "REPORT RequestId: {id}\tDuration: {duration} ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: {used} MB\t\n"
        )
    };
    let (one, two) = (report(40, "12.50"), report(60, "7.25"));
    let text = "filter @type = \"REPORT\" | stats max(@memorySize / 1024 / 1024) as provisonedMemoryMB, min(@maxMemoryUsed / 1024 / 1024) as smallestMemoryRequestMB, avg(@duration) as d";
    assert_eq!(
        printed(of_group("/aws/lambda/f", text, &["START RequestId: x Version: 1\n", &one, &two])),
        ["provisonedMemoryMB=122.0703,smallestMemoryRequestMB=38.147,d=9.875"]
    );
}

/// The forms of query that the console's samples have.
#[test]
fn samples_are_queries() {
    for text in [
        "fields @timestamp, @message, @logStream, @log\n| sort @timestamp desc\n| limit 10000",
        "filter @type = \"REPORT\"\n| stats avg(@duration), max(@duration), min(@duration) by bin(5m)",
        "filter @type = \"REPORT\"\n    | stats max(@memorySize / 1000 / 1000) as provisonedMemoryMB,\n        min(@maxMemoryUsed / 1000 / 1000) as smallestMemoryRequestMB,\n        max(@maxMemoryUsed / 1000 / 1000) as maxMemoryUsedMB,\n        provisonedMemoryMB - maxMemoryUsedMB as overProvisionedMB",
        "fields @timestamp, @message | filter @message like /(?i)(Exception|error|fail)/ | sort @timestamp desc | limit 20",
        "stats count(*) by eventSource, eventName, awsRegion",
        "filter eventSource=\"ec2.amazonaws.com\" | stats count(*) as eventCount by eventName, awsRegion | sort eventCount desc",
        "filter eventName in [\"StartInstances\", \"StopInstances\"] and awsRegion=\"us-east-2\"",
        "fields awsRegion, requestParameters.userName, responseElements.user.arn as arn | filter eventName=\"CreateUser\"",
        "stats sum(packets) as packetsTransferred by srcAddr, dstAddr | sort packetsTransferred  desc | limit 15",
        "fields @timestamp, srcAddr | filter isIpv4InSubnet(srcAddr, \"192.0.2.0/24\") | sort bytes desc",
        "stats count(*) as requestCount by fieldA, bin(1h) as hour | sort hour asc",
        "fields @message | parse @message \"* [*] *\" as loggingTime, loggingType, loggingMessage | filter loggingType IN [\"ERROR\", \"INFO\"] | display loggingMessage, loggingType = \"ERROR\" as isError",
        "parse @message \"user=*, method:*, latency := *\" as @user, @method, @latency | stats avg(@latency) by @method, @user",
        "fields @timestamp, coalesce(a.b, c, 'none') as x, strlen(trim(x)) > 3 as long | filter not isempty(x)",
        "filter strcontains(@message, 'x') = 1 or @logStream like 'prod' | stats pct(@duration, 99.9) by datefloor(@timestamp, 1h)",
        "# which users\nfields userIdentity.arn # who\n| filter errorCode = 'AccessDenied' or errorCode like /Unauthorized/\n| dedup userIdentity.arn\n| limit 5",
    ] {
        super::query(text);
    }
}
