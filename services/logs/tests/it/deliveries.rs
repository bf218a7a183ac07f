use crate::subscription_filters::{BUSY, INVOKED, cloud, delete, filter, function, given, idle, messages};
use crate::{GROUP, batch, put};
use contract::{Chain, Principal, Task};
use std::time::Duration;
use wire::Document;

#[tokio::test]
async fn a_function_is_given_what_is_selected() {
    let (cloud, root) = cloud().await;
    root.call(filter("errors", "ERROR", "plain")).await.unwrap();
    let _work = cloud.start_work();
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "an ERROR"), (now, "fine"), (now + 1, "ERROR é \"quoted\"")]).await;
    idle(&cloud).await;
    let [message] = <[Document; 1]>::try_from(given("plain")).unwrap();
    let text = |name: &str| message.get(name).unwrap().as_str().unwrap().to_owned();
    assert_eq!((text("messageType"), text("owner")), ("DATA_MESSAGE".into(), "111122223333".into()));
    assert_eq!((text("logGroup"), text("logStream")), (GROUP.into(), "s".into()));
    assert_eq!(message.get("subscriptionFilters").unwrap().to_string(), r#"["errors"]"#);
    assert_eq!(messages(&message), ["an ERROR", "ERROR é \"quoted\""]);
    let event = &message.get("logEvents").unwrap().as_array().unwrap()[1];
    assert_eq!(event.get("timestamp").unwrap().as_i64(), Some(now + 1));
    assert_eq!(event.get("id").unwrap().as_str().unwrap().len(), 56);
    let found = root.call(crate::filter("quoted")).await.unwrap().events.unwrap();
    assert_eq!(
        found[0].event_id.as_deref(),
        event.get("id").unwrap().as_str(),
        "as FilterLogEvents tells it"
    );
    let invoked = INVOKED.lock().unwrap();
    let Principal::Service(service) = &invoked[0].1 else { panic!("a service") };
    let source = format!("arn:aws:logs:us-east-1:111122223333:log-group:{GROUP}:*");
    assert_eq!(
        (service.name.as_str(), service.source_arn.as_ref().unwrap().to_string()),
        ("logs.amazonaws.com", source)
    );
    assert_eq!(service.source_account, cloud.scope().account);
}

#[tokio::test]
async fn fields_between_spaces_are_told() {
    let (cloud, root) = cloud().await;
    root.call(filter("f", "[method, path, status = 5*]", "spaced")).await.unwrap();
    let _work = cloud.start_work();
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "GET /a 200"), (now, "GET /b 503")]).await;
    idle(&cloud).await;
    let events = given("spaced")[0].get("logEvents").unwrap().as_array().unwrap().to_vec();
    assert_eq!(events.len(), 1);
    assert_eq!(
        events[0].get("extractedFields").unwrap().to_string(),
        r#"{"method":"GET","path":"/b","status":"503"}"#
    );
}

#[tokio::test]
async fn deliveries_keep_the_order_of_their_stream_and_wait_for_a_function_that_is_busy() {
    let (cloud, root) = cloud().await;
    root.call(filter("all", "", "busy")).await.unwrap();
    BUSY.lock().unwrap().push(function("busy"));
    let _work = cloud.start_work();
    let now = cloud.now().millis();
    for number in 0..5 {
        put(&root, "s", &[(now, &format!("s{number}"))]).await;
        put(&root, "t", &[(now, &format!("t{number}"))]).await;
    }
    let tried = async || {
        let tasks = cloud.context().store.view().list_all::<Task>().unwrap();
        (tasks.len() == 2 && tasks.iter().all(|task| task.attempt > 0)).then_some(())
    };
    cloud.until("both streams were tried", tried).await;
    BUSY.lock().unwrap().clear();
    cloud.advance(Duration::from_secs(1)).await;
    idle(&cloud).await;
    for stream in ["s", "t"] {
        let of_stream =
            given("busy").into_iter().filter(|it| it.get("logStream").unwrap().as_str() == Some(stream));
        let all: Vec<String> = of_stream.flat_map(|message| messages(&message)).collect();
        assert_eq!(all, (0..5).map(|number| format!("{stream}{number}")).collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn deliveries_are_measured() {
    let (cloud, root) = cloud().await;
    root.call(filter("all", "ERROR", "measured")).await.unwrap();
    let _work = cloud.start_work();
    assert!(cloud.context().store.take_measured().is_empty());
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "ERROR"), (now, "fine")]).await;
    idle(&cloud).await;
    let mut told: Vec<String> = cloud
        .context()
        .store
        .take_measured()
        .into_iter()
        .filter(|one| one.series.namespace == "AWS/Logs")
        .map(|one| format!("{} {} {}", one.series.name, one.series.dimensions.len(), one.distribution.sum))
        .collect();
    told.sort();
    let expected = [
        "ForwardedBytes 3 31",
        "ForwardedLogEvents 3 1",
        "IncomingBytes 0 61",
        "IncomingBytes 1 61",
        "IncomingLogEvents 0 2",
        "IncomingLogEvents 1 2",
    ];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn after_a_day_a_delivery_is_given_up() {
    let (cloud, root) = cloud().await;
    root.call(filter("all", "", "never")).await.unwrap();
    BUSY.lock().unwrap().push(function("never"));
    let _work = cloud.start_work();
    put(&root, "s", &[(cloud.now().millis(), "lost")]).await;
    let attempts =
        || cloud.context().store.view().list_all::<Task>().unwrap().first().map(|task| task.attempt);
    cloud.until("it was tried", async || attempts().filter(|attempts| *attempts == 1).map(drop)).await;
    cloud.advance(Duration::from_secs(24 * 60 * 60 - 60)).await;
    cloud.until("it is tried again", async || attempts().filter(|attempts| *attempts == 2).map(drop)).await;
    cloud.advance(Duration::from_secs(60)).await;
    idle(&cloud).await;
    BUSY.lock().unwrap().clear();
    put(&root, "s", &[(cloud.now().millis(), "next")]).await;
    idle(&cloud).await;
    let all: Vec<String> = given("never").iter().flat_map(messages).collect();
    assert_eq!(all, ["next"]);
}

#[tokio::test]
async fn large_batches_come_in_parts() {
    let (cloud, root) = cloud().await;
    root.call(filter("all", "", "large")).await.unwrap();
    let _work = cloud.start_work();
    let now = cloud.now().millis();
    let message = |number: usize| format!("{number:03}{}", "x".repeat(9_997));
    root.call(batch("s", (0..100).map(|number| (now, message(number))))).await.unwrap();
    idle(&cloud).await;
    let parts = given("large");
    assert_eq!(parts.len(), 3);
    let all: Vec<String> = parts.iter().flat_map(messages).collect();
    assert_eq!(all, (0..100).map(message).collect::<Vec<_>>());
}

#[tokio::test]
async fn loops_end() {
    let (cloud, root) = cloud().await;
    root.call(filter("f", "", "loop")).await.unwrap();
    let _work = cloud.start_work();
    // A function that writes to its own group goes on after the calls that led to it.
    let mut chain = Chain::default();
    let mut rounds = 0;
    loop {
        let writer = root.after(chain.clone());
        if writer.call(batch("s", [(cloud.now().millis(), "round")])).await.is_err() {
            break;
        }
        idle(&cloud).await;
        let depths: Vec<usize> = INVOKED.lock().unwrap().iter().map(|(_, _, depth, _)| *depth).collect();
        if depths.len() == rounds {
            break;
        }
        rounds = depths.len();
        while chain.depth() < *depths.last().unwrap() {
            chain = chain.through("logs.amazonaws.com");
        }
        assert!(rounds < 100, "it does not end");
    }
    assert_eq!(rounds, Chain::MAX_DEPTH);
}

#[tokio::test]
async fn what_a_function_does_not_take_any_more_is_dropped() {
    let (cloud, root) = cloud().await;
    root.call(filter("f", "", "taken")).await.unwrap();
    let now = cloud.now().millis();
    put(&root, "s", &[(now, "before")]).await;
    root.call(delete("f")).await.unwrap();
    let _work = cloud.start_work();
    put(&root, "s", &[(now, "after")]).await;
    idle(&cloud).await;
    assert!(given("taken").is_empty(), "what was on its way goes with the filter");
    root.call(filter("f", "", "taken")).await.unwrap();
    put(&root, "s", &[(now, "again")]).await;
    idle(&cloud).await;
    assert_eq!(messages(&given("taken")[0]), ["again"]);
}
