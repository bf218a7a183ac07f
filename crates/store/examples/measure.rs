#![allow(warnings)]
use store::*;
use names::*;
use std::sync::Arc;
use std::time::Instant;
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Topic { scope: Scope, name: String, owner: String, policy: String }
impl Row for Topic {
    const TABLE: &'static str = "sns.topics";
    type Key = String;
    fn scope(&self) -> Scope { self.scope }
    fn key(&self) -> String { self.name.clone() }
    fn indexes(&self) -> Vec<IndexEntry> { vec![IndexEntry::new("by-owner", (&self.owner, &self.name))] }
    fn resource(&self) -> Option<ResourceIdentity> { Some(ResourceIdentity { resource_type: ResourceType("AWS::SNS::Topic"), id: self.name.clone(), name: None, arn: self.name.clone() }) }
}
fn rss() -> String { std::fs::read_to_string("/proc/self/status").unwrap().lines().filter(|l| l.starts_with("VmRSS")||l.starts_with("Threads")).collect::<Vec<_>>().join(" ") }
fn main() {
    let dir = std::env::args().nth(1).unwrap();
    let power = std::env::args().nth(2).as_deref() == Some("power");
    let n: u64 = std::env::args().nth(3).map_or(20000, |t| t.parse().unwrap());
    println!("before {}", rss());
    let t = Instant::now();
    let backend = if dir == "memory" { Backend::Memory } else { Backend::Disk { path: dir.into(), durability: if power { Durability::Power } else { Durability::Process } } };
    let store = Store::open(backend, Arc::new(clock::SystemClock::new())).unwrap();
    println!("open {:?} {}", t.elapsed(), rss());
    let scope = Scope::new(AccountId::DEFAULT, Region::US_EAST_1);
    let base = store.view().sequence();
    for threads in [1u64, 8, 32] {
        let per = n / threads;
        let t = Instant::now();
        std::thread::scope(|s| for th in 0..threads { let store = &store; s.spawn(move || for i in 0..per {
            store.transact(None, |tx| tx.insert(Topic { scope, name: format!("t-{base}-{threads}-{th}-{i}"), owner: "ann".into(), policy: "p".repeat(500) })).unwrap();
        }); });
        println!("{threads} threads: {:.0} commits/s {}", (per * threads) as f64 / t.elapsed().as_secs_f64(), rss());
    }
    let t = Instant::now();
    let mut c = 0;
    for i in 0..n { if store.view().get::<Topic>(scope, format!("t-{base}-1-0-{i}")).unwrap().is_some() { c += 1 } }
    println!("get {:.0}/s {c} {}", n as f64 / t.elapsed().as_secs_f64(), rss());
    let t = Instant::now();
    println!("count {} in {:?}", store.view().scan::<Topic>(scope, ()).count().unwrap(), t.elapsed());
    let t = Instant::now();
    let last = store.feed().since(Position::START, 1000).unwrap().len();
    println!("feed 1000 {:?} {}", t.elapsed(), rss());
}
