//! A cloud with IAM and labs, and accounts for them.

use contract::{Caller, Entry, Principal, Route, RouteRequest, Secret, Signer, UserIdentity};
use labs::{Accounts, Admitted, Labs, Library, StudentAccess};
use names::AccountId;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{StoreError, Tx};
use testkit::TestCloud;
use wire::{Document, ErrorResponse};

pub(crate) struct World {
    pub(crate) cloud: TestCloud,
    pub(crate) cut_off: Arc<AtomicBool>,
    pub(crate) page: Box<dyn Route>,
}

/// A lab that looks at IAM only.
pub(crate) const LAB: &str = r#"
lab: users
title: Users <and> groups
summary: Make a group
constants: { group: readers }
readings:
  groups: { call: "iam:ListGroups", take: "Groups[].GroupName" }
files: { notes.txt: Notes }
details:
  - { name: First group, value: "${groups[0]}", says: once there is one }
  - { name: Account, value: "${account}" }
tasks:
  - id: group
    title: "Task 1: A group"
    checks:
      - id: there
        says: The group readers is there
        points: 3
        read: groups
        expect: { contains: "${group}", otherwise: Make a group named readers. }
      - id: kinds
        says: Groups have good names
        read: groups
        expect:
          - { says: Some are short, points: 1, find: "[?length(@) < `8`]", count: { at_least: 1 } }
          - { says: None is called admin, points: 2, all: [{ count: { at_least: 1 } }, { not: { contains: admin } }] }
"#;

pub(crate) const TEACHER: &str = testkit::ACCOUNT;

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "users", LAB);
        write(folder.path(), "others", &LAB.replace("lab: users", "lab: others"));
        let mut library = Library::default();
        library.add_folder(folder.path()).unwrap();
        let cloud = TestCloud::new(vec![iam::registration(), iam::sts_registration()]);
        let cut_off = Arc::<AtomicBool>::default();
        let teacher = TEACHER.parse().unwrap();
        let labs = Labs::new(library, teacher, Arc::new(OfIam { cut_off: Arc::clone(&cut_off) }), Vec::new());
        Self { cut_off, cloud, page: Box::new(labs::route(labs)) }
    }

    /// As a program or page that signs as somebody.
    pub(crate) async fn ask(
        &self,
        who: Option<Principal>,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, Document) {
        let (status, text) = self.text(who, method, path, body).await;
        (status, Document::parse(&text).unwrap_or_default())
    }

    pub(crate) async fn text(
        &self,
        who: Option<Principal>,
        method: &str,
        path: &str,
        body: &str,
    ) -> (u16, String) {
        assert_eq!(self.page.entry(), Entry::Signed);
        let request = RouteRequest {
            method: method.into(),
            path: path.into(),
            body: body.to_owned().into(),
            signer: who.map(|principal| Signer { principal, access_key_id: String::new() }),
            ..RouteRequest::default()
        };
        let answer = self.page.answer(request, self.cloud.context()).await;
        (answer.status, String::from_utf8(answer.bytes().to_vec()).unwrap())
    }

    pub(crate) async fn teach(&self, method: &str, path: &str, body: &str) -> (u16, Document) {
        self.ask(Some(teacher()), method, path, body).await
    }

    /// Starts a lab; answers the account and the credentials.
    pub(crate) async fn start(&self, lab: &str, student: &str) -> (AccountId, Document) {
        let (status, told) =
            self.teach("POST", &format!("{lab}/start"), &format!(r#"{{"student":"{student}"}}"#)).await;
        assert_eq!(status, 201, "{told}");
        let account = text(&told, &["attempt", "account"]).parse().unwrap();
        (account, told.get("credentials").unwrap().clone())
    }

    pub(crate) fn root(&self, account: AccountId) -> Caller {
        let scope = names::Scope::new(account, testkit::REGION);
        self.cloud.context().caller(Principal::Root(account), scope, contract::Chain::default())
    }
}

pub(crate) fn teacher() -> Principal {
    Principal::Root(TEACHER.parse().unwrap())
}

pub(crate) fn text(document: &Document, path: &[&str]) -> String {
    document.at(path).and_then(Document::as_str).unwrap_or_default().to_owned()
}

pub(crate) fn write(folder: &Path, name: &str, yaml: &str) {
    let lab = folder.join(name);
    std::fs::create_dir_all(&lab).unwrap();
    std::fs::write(lab.join("lab.yaml"), yaml).unwrap();
    std::fs::write(lab.join("guide.md"), "# For ${student} in ${account}\n").unwrap();
    std::fs::write(lab.join("notes.txt"), "Notes\n").unwrap();
}

/// As the server's, in short.
#[derive(Default)]
pub(crate) struct OfIam {
    /// Nobody is admitted, as if the process had ended there.
    pub(crate) cut_off: Arc<AtomicBool>,
}

#[async_trait::async_trait]
impl Accounts for OfIam {
    fn open(&self, name: &str, call: &contract::Call, tx: &mut Tx) -> Result<AccountId, StoreError> {
        iam::accounts::open_account(name, call, tx)
    }

    fn close(&self, account: AccountId, call: &contract::Call, tx: &mut Tx) -> Result<(), StoreError> {
        iam::accounts::close_account(account, call, tx)
    }

    async fn admit(
        &self,
        root: &Caller,
        access: &StudentAccess,
        _: &Secret,
    ) -> Result<Admitted, ErrorResponse> {
        if self.cut_off.load(Ordering::SeqCst) {
            return Err(ErrorResponse::new("ServiceUnavailable", "cut off", 503));
        }
        let user =
            api_iam::CreateUser { user_name: access.user_name.clone(), ..api_iam::CreateUser::default() };
        root.call(user).await?;
        self.renew(root, &access.user_name, &Secret(String::new())).await
    }

    async fn renew(&self, root: &Caller, user_name: &str, _: &Secret) -> Result<Admitted, ErrorResponse> {
        let user = root.call(api_iam::GetUser { user_name: Some(user_name.into()) }).await?.user;
        let key = root.call(api_iam::CreateAccessKey { user_name: Some(user_name.into()) }).await?.access_key;
        let account = root.scope().account;
        let principal = Principal::User(UserIdentity {
            account,
            id: user.user_id,
            name: user_name.into(),
            path: user.path,
            session_issued: None,
        });
        Ok(Admitted { principal, access_key_id: key.access_key_id, secret: Secret(key.secret_access_key) })
    }
}
