//! Who may ask what, and what is answered.

use crate::support::*;
use contract::Principal;
use wire::{Document, document};

#[tokio::test]
async fn a_teacher_starts_a_student_submits_and_both_read_the_report() {
    let world = World::new();
    let (status, told) = world.teach("GET", "", "").await;
    assert_eq!((status, told.get("teacher")), (200, Some(&Document::Boolean(true))));
    assert_eq!(told.get("labs").unwrap().as_array().unwrap().len(), 2);
    let (account, credentials) = world.start("users", "ann").await;
    assert!(
        text(&credentials, &["password"]).len() >= 20 && !text(&credentials, &["secretAccessKey"]).is_empty()
    );
    let student = Principal::Root(account);

    let (_, told) = world.ask(Some(student.clone()), "GET", "", "").await;
    assert_eq!(told.get("teacher"), Some(&Document::Boolean(false)));
    assert_eq!(told.get("labs").unwrap().as_array().unwrap().len(), 1);
    let (_, lab) = world.ask(Some(student.clone()), "GET", "users", "").await;
    assert_eq!(text(&lab, &["guide"]), format!("# For ann in {account}\n"));
    let (_, file) = world.ask(Some(student.clone()), "GET", "users/files/notes.txt", "").await;
    assert_eq!(text(&file, &["text"]), "Notes\n");

    let attempt = format!("attempts/{account}");
    let (_, told) = world.ask(Some(student.clone()), "GET", &format!("{attempt}/details"), "").await;
    assert_eq!(
        told.to_string(),
        format!(
            r#"{{"details":[{{"name":"First group","value":null,"says":"once there is one"}},{{"name":"Account","value":"{account}","says":null}}]}}"#
        )
    );
    // Before: nothing. A check is not recorded.
    let (_, report) = world.ask(Some(student.clone()), "POST", &format!("{attempt}/check"), "").await;
    assert_eq!(
        (report.get("points"), report.get("number")),
        (Some(&Document::from(0)), Some(&Document::Null)),
        "{report}"
    );
    let check =
        &report.get("tasks").unwrap().as_array().unwrap()[0].get("checks").unwrap().as_array().unwrap()[0];
    assert_eq!(
        (text(check, &["found"]), text(check, &["why"])),
        ("[]".into(), "Make a group named readers.".into())
    );
    assert_eq!(
        world.ask(Some(student.clone()), "GET", &format!("{attempt}/submissions/latest"), "").await.0,
        404
    );

    let group =
        |name: &str| api_iam::CreateGroup { group_name: name.into(), ..api_iam::CreateGroup::default() };
    world.root(account).call(group("readers")).await.unwrap();
    world.root(account).call(group("admin")).await.unwrap();
    let (_, report) = world.ask(Some(student.clone()), "POST", &format!("{attempt}/submit"), "").await;
    assert_eq!(
        (report.get("points"), report.get("number")),
        (Some(&Document::from(4)), Some(&Document::from(1))),
        "{report}"
    );
    let (_, again) = world.teach("POST", &format!("{attempt}/submit"), "").await;
    assert_eq!(again.get("number"), Some(&Document::from(2)));
    let (_, stored) = world.teach("GET", &format!("{attempt}/submissions/1"), "").await;
    assert_eq!(stored, report);
    let (_, told) = world.teach("GET", &attempt, "").await;
    assert_eq!(told.at(&["attempt", "best"]), Some(&Document::from(4)));
    assert_eq!(told.get("submissions").unwrap().as_array().unwrap().len(), 2);
    let (status, page) =
        world.text(Some(student), "GET", &format!("{attempt}/submissions/latest/report.html"), "").await;
    assert_eq!(status, 200);
    assert!(page.contains("Users &lt;and&gt; groups") && page.contains("4 of 6 points"), "{page}");
    assert!(!page.contains("<script") && page.contains("default-src 'none'"));
}

#[tokio::test]
async fn what_a_student_names_is_escaped_in_the_report() {
    let world = World::new();
    let (account, _) = world.start("users", "ann").await;
    // IAM takes no angle brackets in names; the unit test of the page has those. What is found is quoted as JSON.
    let group = api_iam::CreateGroup { group_name: "x,y=@".into(), path: Some("/a&b'\"/".into()) };
    world.root(account).call(group).await.unwrap();
    world.teach("POST", &format!("attempts/{account}/submit"), "").await;
    let (_, page) = world
        .text(Some(teacher()), "GET", &format!("attempts/{account}/submissions/1/report.html"), "")
        .await;
    assert!(page.contains("[&quot;x,y=@&quot;]"), "{page}");
}

#[tokio::test]
async fn others_are_refused() {
    let world = World::new();
    let (ann, _) = world.start("users", "ann").await;
    let (bob, _) = world.start("users", "bob").await;
    let (eve, _) = world.start("others", "eve").await;
    let stranger = "999999999999".parse().unwrap();
    let somebody = Principal::User(contract::UserIdentity {
        account: TEACHER.parse().unwrap(),
        id: "AIDA".into(),
        name: "assistant".into(),
        path: "/".into(),
        session_issued: None,
    });
    let paths: Vec<(&str, String)> = vec![
        ("GET", format!("attempts/{ann}")),
        ("GET", format!("attempts/{ann}/details")),
        ("POST", format!("attempts/{ann}/check")),
        ("POST", format!("attempts/{ann}/submit")),
        ("POST", format!("attempts/{ann}/reset")),
        ("POST", format!("attempts/{ann}/credentials")),
        ("GET", format!("attempts/{ann}/submissions")),
        ("GET", format!("attempts/{ann}/submissions/latest")),
        ("GET", format!("attempts/{ann}/submissions/1/report.html")),
        ("GET", "classes".into()),
        ("POST", "users/classes".into()),
        ("GET", "users/classes/spring".into()),
        ("POST", "users/start".into()),
    ];
    let others = [
        Some(Principal::Root(bob)),
        Some(Principal::Root(eve)),
        Some(Principal::Root(stranger)),
        Some(somebody.clone()),
        Some(Principal::service("config.amazonaws.com", ann, None)),
        Some(Principal::Anonymous),
        None,
    ];
    for who in others {
        for (method, path) in &paths {
            let (status, told) = world.ask(who.clone(), method, path, "").await;
            assert_eq!(
                (status, text(&told, &["code"])),
                (403, "AccessDenied".into()),
                "{who:?} {method} {path}: {told}"
            );
        }
    }
    // Of labs, a student sees his own only; not even whether there are others.
    for path in ["others", "others/files/notes.txt", "nowhere"] {
        assert_eq!(world.ask(Some(Principal::Root(ann)), "GET", path, "").await.0, 403, "{path}");
    }
    let (status, told) = world.ask(Some(somebody), "GET", "", "").await;
    assert_eq!((status, told), (200, document!({ "teacher": false, "labs": [] })));
    // A student may not what is the teacher's, in his own account either.
    for (method, path) in [("POST", format!("attempts/{ann}/credentials")), ("POST", "users/start".into())] {
        assert_eq!(world.ask(Some(Principal::Root(ann)), method, &path, "").await.0, 403, "{path}");
    }
    let (_, told) = world.ask(Some(Principal::Root(ann)), "GET", "attempts", "").await;
    assert_eq!(told.get("attempts").unwrap().as_array().unwrap().len(), 1);
    assert_eq!(
        world.teach("GET", "attempts", "").await.1.get("attempts").unwrap().as_array().unwrap().len(),
        3
    );
}

#[tokio::test]
async fn secrets_are_shown_once_and_a_reset_ends_the_old_account() {
    let world = World::new();
    let (old, credentials) = world.start("users", "ann").await;
    let key = text(&credentials, &["accessKeyId"]);
    let known = |key: &str| {
        let view = world.cloud.context().store.view();
        world.cloud.pipeline.identities().credential(&view, key).unwrap().unwrap().active
    };
    assert!(known(&key));
    let (status, told) = world.teach("POST", "users/start", r#"{"student":"ann"}"#).await;
    assert_eq!((status, told.get("credentials")), (200, Some(&Document::Null)), "shown before");
    let (status, told) = world.teach("POST", &format!("attempts/{old}/reset"), "").await;
    assert_eq!(status, 201, "{told}");
    let fresh = text(&told, &["credentials", "accessKeyId"]);
    assert!(!known(&key), "the old account's key is refused");
    assert!(known(&fresh));
    assert_ne!(text(&told, &["attempt", "account"]), old.to_string());
    for path in ["submit", "check", "reset"] {
        let (status, told) = world.teach("POST", &format!("attempts/{old}/{path}"), "").await;
        assert_eq!((status, text(&told, &["code"])), (410, "AttemptClosed".into()), "{path}");
    }
    let (_, told) = world.ask(Some(Principal::Root(old)), "GET", "", "").await;
    assert_eq!(told, document!({ "teacher": false, "labs": [] }), "whoever was in it is nobody");
    // Nothing of the secrets is in what is told later.
    for path in ["attempts", "", "classes"] {
        let (_, told) = world.text(Some(teacher()), "GET", path, "").await;
        assert!(
            !told.contains(&text(&credentials, &["secretAccessKey"]))
                && !told.contains(&text(&credentials, &["password"]))
        );
    }
}

#[tokio::test]
async fn a_class_has_accounts_and_results() {
    let world = World::new();
    let roster = |text: &str| Document::object().with("class", "spring").with("roster", text).to_string();
    let (status, told) = world
        .teach("POST", "users/classes", &roster("student,name,email\nann,\"Lee, =Ann\",a@b.c\nbob,,\n"))
        .await;
    assert_eq!(status, 201, "{told}");
    let students = told.get("students").unwrap().as_array().unwrap();
    assert_eq!(students.len(), 2);
    let csv = text(&told, &["csv"]);
    assert!(
        csv.lines().count() == 3 && csv.contains(&text(&students[0], &["credentials", "password"])),
        "{csv}"
    );
    let account = text(&students[0], &["attempt", "account"]);
    world.teach("POST", &format!("attempts/{account}/submit"), "").await;
    // Those who were there keep their account, and their secrets are not told again.
    let (_, told) = world.teach("POST", "users/classes", &roster("student\nann\neve\n")).await;
    let students = told.get("students").unwrap().as_array().unwrap();
    assert_eq!(text(&students[0], &["attempt", "account"]), account);
    assert_eq!(students[0].get("credentials"), Some(&Document::Null));
    assert!(students[1].get("credentials").unwrap().get("password").is_some());
    // Results are of all attempts: a reset loses no points.
    world.teach("POST", &format!("attempts/{account}/reset"), "").await;
    let (_, told) = world.teach("GET", "users/classes/spring", "").await;
    let ann = &told.get("students").unwrap().as_array().unwrap()[0];
    assert_eq!(
        (text(ann, &["student"]), ann.get("best"), ann.get("submissions")),
        ("ann".into(), Some(&Document::from(0)), Some(&Document::from(1)))
    );
    assert!(text(&told, &["csv"]).starts_with("student,name,email,account,"));
    let (_, told) = world.teach("GET", "classes", "").await;
    assert_eq!(
        told.to_string(),
        r#"{"classes":[{"class":"spring","title":"Users <and> groups","lab":"users","students":3,"submitted":1}]}"#
    );
}

fn used(world: &World, account: &str) -> Option<contract::AccountLimits> {
    let account = account.parse().unwrap();
    world.cloud.context().accounting.of(account).map(|used| used.limits())
}

#[tokio::test]
async fn a_class_limits_its_accounts_and_sees_what_they_use() {
    let world = World::new();
    let (alone, _) = world.start("users", "bob").await;
    assert_eq!(used(&world, alone.as_str()), None, "who does a lab by himself is not limited");
    let body = r#"{"class":"spring","roster":"student\nann\nbob\n","limits":{"storageBytes":1000000,"concurrency":null}}"#;
    let (status, told) = world.teach("POST", "users/classes", body).await;
    assert_eq!(status, 201, "{told}");
    let limits = r#"{"requestsPerSecond":50,"storageBytes":1000000,"concurrency":null,"resetsPerDay":10}"#;
    assert_eq!(told.get("limits").unwrap().to_string(), limits);
    let ann = text(&told.get("students").unwrap().as_array().unwrap()[0], &["attempt", "account"]);
    for account in [ann.as_str(), alone.as_str()] {
        let limits = used(&world, account).unwrap();
        assert_eq!(
            (limits.requests_per_second, limits.storage, limits.concurrency),
            (Some(50), Some(1_000_000), None)
        );
    }
    // Named again, they change for all who are there; what is not named stays.
    let body = r#"{"class":"spring","roster":"student\neve\n","limits":{"requestsPerSecond":7}}"#;
    let (_, told) = world.teach("POST", "users/classes", body).await;
    let eve = text(&told.get("students").unwrap().as_array().unwrap()[0], &["attempt", "account"]);
    for account in [&ann, &eve] {
        let limits = used(&world, account).unwrap();
        assert_eq!((limits.requests_per_second, limits.storage), (Some(7), Some(1_000_000)));
    }
    // What is used is told; a reset's account has the limits, too.
    let of = world.cloud.context().accounting.of(ann.parse().unwrap()).unwrap();
    assert!(of.admit_request(world.cloud.now()));
    let (_, told) = world.teach("GET", "users/classes/spring", "").await;
    let usage = told.get("students").unwrap().as_array().unwrap()[0].get("usage").unwrap().clone();
    assert!(usage.get("storageBytes").unwrap().as_i64().unwrap() > 500, "{usage}");
    let rest = usage.with("storageBytes", 0).to_string();
    let one = r#"{"requests":1,"throttled":0,"storageBytes":0,"running":0,"mostRunning":0,"resetsToday":0}"#;
    assert_eq!(rest, one);
    let (_, told) = world.teach("POST", &format!("attempts/{ann}/reset"), "").await;
    let fresh = text(&told, &["attempt", "account"]);
    assert_eq!(used(&world, &fresh).unwrap().requests_per_second, Some(7));
    let told = world.teach("GET", "users/classes/spring", "").await.1;
    assert!(told.get("limits").unwrap().to_string().starts_with(r#"{"requestsPerSecond":7,"#), "{told}");
    for limits in [r#"{"storage":1}"#, r#"{"concurrency":-1}"#, "7"] {
        let body = format!(r#"{{"class":"spring","roster":"student\neve\n","limits":{limits}}}"#);
        assert_eq!(world.teach("POST", "users/classes", &body).await.0, 400, "{limits}");
    }
}

#[tokio::test]
async fn a_student_starts_over_so_often_as_the_class_may() {
    let world = World::new();
    let body = r#"{"class":"spring","roster":"student\nann\n","limits":{"resetsPerDay":2}}"#;
    let (_, told) = world.teach("POST", "users/classes", body).await;
    let mut account = text(&told.get("students").unwrap().as_array().unwrap()[0], &["attempt", "account"]);
    let day = std::time::Duration::from_secs(24 * 60 * 60);
    for _ in 0..2 {
        world.cloud.advance(std::time::Duration::from_secs(60)).await;
        let student = Principal::Root(account.parse().unwrap());
        let (status, told) = world.ask(Some(student), "POST", &format!("attempts/{account}/reset"), "").await;
        assert_eq!(status, 201, "{told}");
        account = text(&told, &["attempt", "account"]);
    }
    let student = Principal::Root(account.parse().unwrap());
    let (status, told) =
        world.ask(Some(student.clone()), "POST", &format!("attempts/{account}/reset"), "").await;
    assert_eq!((status, text(&told, &["code"])), (429, "TooManyResets".into()), "{told}");
    assert!(text(&told, &["message"]).contains("The next is possible at 2026-11-22T09:31:00Z."), "{told}");
    // The teacher may, and a day later so may the student.
    let (status, told) = world.teach("POST", &format!("attempts/{account}/reset"), "").await;
    assert_eq!(status, 201);
    account = text(&told, &["attempt", "account"]);
    world.cloud.advance(day).await;
    let student = Principal::Root(account.parse().unwrap());
    assert_eq!(world.ask(Some(student), "POST", &format!("attempts/{account}/reset"), "").await.0, 201);
}

#[tokio::test]
async fn what_was_in_the_account_of_before_a_reset_is_removed_and_its_submissions_stay() {
    let world = World::new();
    let (old, _) = world.start("users", "ann").await;
    world.teach("POST", &format!("attempts/{old}/submit"), "").await;
    world.teach("POST", &format!("attempts/{old}/reset"), "").await;
    let _work = world.cloud.start_work();
    let tables = || world.cloud.context().store.view().account_bytes(old).unwrap();
    world.cloud.until("the account is empty", async || (tables().len() == 1).then_some(())).await;
    let (_, told) = world.teach("GET", &format!("attempts/{old}/submissions/1"), "").await;
    assert_eq!(told.get("number"), Some(&Document::from(1)));
}

#[tokio::test]
async fn an_attempt_whose_account_was_closed_is_begun_anew() {
    let world = World::new();
    let (old, _) = world.start("users", "ann").await;
    let principal = Principal::service("cloudchamber.internal", old, None);
    let context = world.cloud.context();
    let call = context.own_call("iam", "CloseAccount", principal, names::Scope::global(old)).unwrap();
    context.store.transact(None, |tx| iam::accounts::close_account(old, &call, tx)).unwrap();
    let (status, told) = world.teach("POST", &format!("attempts/{old}/check"), "").await;
    assert_eq!((status, text(&told, &["code"])), (410, "AttemptClosed".into()));
    let (fresh, _) = world.start("users", "ann").await;
    assert_ne!(fresh, old);
}

#[tokio::test]
async fn bad_requests_change_nothing() {
    let world = World::new();
    for (path, body) in [
        ("users/start", r#"{"student":"Ann Lee"}"#),
        ("users/start", r#"{"student":7}"#),
        ("users/start", r#"{"pupil":"ann"}"#),
        ("users/start", r#"{"renew":"yes"}"#),
        ("users/start", "["),
        ("users/classes", r#"{"class":"Spring 27","roster":"student\nann"}"#),
        ("users/classes", r#"{"class":"spring","roster":"ann"}"#),
        ("users/classes", r#"{"class":"spring","roster":"student\nann\nann"}"#),
    ] {
        let (status, told) = world.teach("POST", path, body).await;
        assert_eq!(
            (status, text(&told, &["code"])),
            (400, "ValidationError".into()),
            "{path} {body}: {told}"
        );
    }
    for (method, path) in [
        ("GET", "nowhere"),
        ("POST", "nowhere/start"),
        ("GET", "attempts/123456789012"),
        ("DELETE", "users"),
        ("GET", "users/files/lab.yaml"),
    ] {
        assert_eq!(world.teach(method, path, "").await.0, 404, "{method} {path}");
    }
    assert_eq!(world.teach("GET", "attempts", "").await.1.to_string(), r#"{"attempts":[]}"#);
}

#[tokio::test]
async fn a_start_that_was_cut_off_is_begun_anew() {
    let world = World::new();
    world.cut_off.store(true, std::sync::atomic::Ordering::SeqCst);
    let (status, told) = world.teach("POST", "users/start", "").await;
    assert_eq!((status, text(&told, &["code"])), (500, "LabCannotStart".into()), "{told}");
    let (_, told) = world.teach("GET", "attempts", "").await;
    let stale = &told.get("attempts").unwrap().as_array().unwrap()[0];
    assert_eq!(text(stale, &["state"]), "opening");
    let account = text(stale, &["account"]);
    assert_eq!(world.teach("POST", &format!("attempts/{account}/submit"), "").await.0, 410);
    world.cut_off.store(false, std::sync::atomic::Ordering::SeqCst);
    let (fresh, _) = world.start("users", "student").await;
    assert_ne!(fresh.to_string(), account);
    let (_, told) = world.teach("GET", &format!("attempts/{account}"), "").await;
    assert_eq!(text(&told, &["attempt", "state"]), "closed");
}
