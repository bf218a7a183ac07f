use super::{answer, rows};

const REQUESTS: [&str; 6] = [
    r#"{"path":"/a","status":200,"ms":10}"#,
    r#"{"path":"/a","status":500,"ms":30}"#,
    r#"{"path":"/b","status":200,"ms":5}"#,
    r#"{"path":"/a","status":200,"ms":20}"#,
    r#"{"status":404}"#,
    "text",
];

#[test]
fn everything_is_one_group_without_by() {
    assert_eq!(
        rows(
            "stats count(*), count(ms) as timed, sum(ms), avg(ms) as average, max(ms) - min(ms) as span",
            &REQUESTS
        ),
        ["count(*)=6,timed=4,sum(ms)=65,average=16.25,span=25"]
    );
    assert_eq!(
        rows("stats count_distinct(path) as paths, pct(ms, 50), median(ms), stddev(ms) as s", &REQUESTS),
        ["paths=2,pct(ms, 50)=15,median(ms)=15,s=9.6014"]
    );
    assert_eq!(
        rows(
            "stats earliest(path), latest(status), sortsFirst(path) as first, sortsLast(path) as last",
            &REQUESTS
        ),
        ["earliest(path)=/a,latest(status)=404,first=/a,last=/b"]
    );
    assert_eq!(rows("filter status = 1 | stats count(*)", &REQUESTS), [""; 0], "nothing is no group");
    assert_eq!(rows("stats max(@timestamp) as last", &REQUESTS), ["last=2026-11-21 09:30:05.000"]);
    assert_eq!(rows("stats sum(status >= 400) as failed, count() as all", &REQUESTS), ["failed=2,all=6"]);
}

#[test]
fn rows_are_grouped_by_expressions() {
    assert_eq!(
        rows("stats count(*) as calls by path | sort calls desc", &REQUESTS),
        ["path=/a,calls=3", "calls=2", "path=/b,calls=1"]
    );
    assert_eq!(
        rows(
            "filter ispresent(path) | stats count(*) by path, status >= 500 as failed | sort path, failed",
            &REQUESTS
        ),
        ["path=/a,failed=0,count(*)=2", "path=/a,failed=1,count(*)=1", "path=/b,failed=0,count(*)=1"]
    );
    assert_eq!(
        rows("stats count(*) by bin(2s)", &REQUESTS),
        [
            "bin(2s)=2026-11-21 09:30:04.000,count(*)=2",
            "bin(2s)=2026-11-21 09:30:02.000,count(*)=2",
            "bin(2s)=2026-11-21 09:30:00.000,count(*)=2",
        ]
    );
    assert_eq!(
        rows(
            "filter ispresent(path) | stats sum(ms) / count(*) as each by path | filter each > 10 | fields each * 2 as twice",
            &REQUESTS
        ),
        ["path=/a,each=20,twice=40"]
    );
    assert_eq!(
        rows("stats count(*) by path | sort count(*) desc, path | limit 1 | display `count(*)`", &REQUESTS),
        ["count(*)=3"]
    );
}

#[test]
fn statistics_of_statistics_see_only_those() {
    let text = "filter ispresent(path) | stats count(*) as calls by path | stats max(calls) as most, count(*) as paths";
    assert_eq!(rows(text, &REQUESTS), ["most=3,paths=2"]);
    let answer = answer(text, &REQUESTS);
    assert_eq!(answer.matched, 4, "events");
}

#[test]
fn an_output_may_stand_on_others_before_it() {
    let text = "stats max(ms) as most, min(ms) as least, most - least as span by path | filter path = '/a'";
    assert_eq!(rows(text, &REQUESTS), ["path=/a,most=30,least=10,span=20"]);
}
