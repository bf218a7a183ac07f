use super::*;
use crate::format::StudentAccess;
use wire::ErrorResponse;

/// Whose users nobody looks at.
struct Nobody;

#[async_trait::async_trait]
impl Accounts for Nobody {
    fn open(&self, name: &str, call: &Call, tx: &mut Tx) -> Result<AccountId, StoreError> {
        iam::accounts::open_account(name, call, tx)
    }

    fn close(&self, account: AccountId, call: &Call, tx: &mut Tx) -> Result<(), StoreError> {
        iam::accounts::close_account(account, call, tx)
    }

    async fn admit(&self, root: &Caller, _: &StudentAccess, _: &Secret) -> Result<Admitted, ErrorResponse> {
        let principal = root.principal().clone();
        Ok(Admitted { principal, access_key_id: String::new(), secret: Secret(String::new()) })
    }

    async fn renew(&self, _: &Caller, _: &str, _: &Secret) -> Result<Admitted, ErrorResponse> {
        Err(ErrorResponse::new("NotImplemented", "not in this test", 501))
    }
}

const LAB: &str = "
lab: users
title: Users
summary: Look
readings:
  groups: { call: 'iam:ListGroups', take: 'Groups[].GroupName' }
tasks:
  - id: one
    title: One
    checks:
      - { id: there, says: There, points: 1, read: groups, expect: { contains: readers, otherwise: Make it. } }
";

/// Both were asked for while the first was not done: the second still holds the attempt as it was.
#[tokio::test]
async fn who_starts_over_twice_has_one_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let lab = folder.path().join("users");
    std::fs::create_dir_all(&lab).unwrap();
    std::fs::write(lab.join("lab.yaml"), LAB).unwrap();
    std::fs::write(lab.join("guide.md"), "# Look\n").unwrap();
    let mut library = Library::default();
    library.add_folder(folder.path()).unwrap();
    let lab = Arc::clone(library.lab("users").unwrap());
    let cloud = testkit::TestCloud::new(vec![iam::registration()]);
    let context = cloud.context();
    let labs = Labs::new(library, testkit::ACCOUNT.parse().unwrap(), Arc::new(Nobody), Vec::new());
    let (attempt, _) = labs.start(&lab, "ann", None, false, context).await.unwrap();
    let (fresh, _) = labs.reset(&lab, attempt.clone(), false, context).await.unwrap();
    let refused = labs.reset(&lab, attempt, false, context).await.map(drop).unwrap_err();
    assert_eq!(refused.answer().status, 410);
    let open: Vec<Attempt> = context.store.view().by_index(SCOPE, "of", ("users", "ann")).unwrap();
    assert_eq!(open.iter().map(|it| it.account).collect::<Vec<_>>(), [fresh.account]);
}
