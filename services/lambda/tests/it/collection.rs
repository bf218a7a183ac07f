//! Code that some function, version or layer is made of stays; what an update replaced goes.

use crate::support::*;
use api_lambda::*;
use blobs::BlobId;
use sha2::{Digest, Sha256};
use std::time::Duration;

fn blob(text: &str) -> BlobId {
    let package = package(text);
    BlobId { sha256: Sha256::digest(&package).into(), length: package.len() as u64 }
}

#[tokio::test]
async fn code_in_use_stays_and_replaced_code_goes() {
    let lab = lab().await;
    let root = lab.root();
    let update = |text: &str| UpdateFunctionCode {
        function_name: "f".into(),
        zip_file: Some(package(text)),
        ..Default::default()
    };
    lab.function("f").await;
    root.call(update("published")).await.unwrap();
    root.call(PublishVersion { function_name: "f".into(), ..Default::default() }).await.unwrap();
    root.call(update("replaced")).await.unwrap();
    root.call(update("latest")).await.unwrap();
    for name in ["used", "unused"] {
        let content = LayerVersionContentInput { zip_file: Some(package(name)), ..Default::default() };
        let layer = PublishLayerVersion { layer_name: name.into(), content, ..Default::default() };
        root.call(layer).await.unwrap();
    }
    let layers = Some(vec![format!("arn:aws:lambda:us-east-1:{ACCOUNT}:layer:used:1")]);
    let uses = UpdateFunctionConfiguration { function_name: "f".into(), layers, ..Default::default() };
    root.call(uses).await.unwrap();
    // A function goes on using it; nothing uses the other.
    for name in ["used", "unused"] {
        let delete = DeleteLayerVersion { layer_name: name.into(), version_number: 1 };
        root.call(delete).await.unwrap();
    }
    let _work = lab.cloud.start_work();
    let blobs = &lab.cloud.context().blobs;
    lab.cloud
        .until("what nothing uses is removed", async || {
            lab.cloud.advance(Duration::from_secs(60)).await;
            let mut there = false;
            for text in ["replaced", "unused"] {
                there |= blobs.exists(&blob(text)).await.unwrap();
            }
            (!there).then_some(())
        })
        .await;
    for text in ["published", "latest", "used"] {
        assert!(blobs.exists(&blob(text)).await.unwrap(), "{text}");
    }
}
