//! Sharing of documents.

use super::Ssm;
use super::find::{access, own};
use crate::errors::validation;
use crate::page::page;
use crate::state::StoredDocument;
use api_ssm::{
    AccountSharingInfo, DescribeDocumentPermission, DescribeDocumentPermissionOutput,
    DocumentPermissionLimit, Error, ModifyDocumentPermission, ModifyDocumentPermissionOutput,
};
use contract::{Access, Call, Transact};
use store::{Tx, View};

const MOST: usize = 1000;

impl Transact<DescribeDocumentPermission> for Ssm {
    fn access(input: &DescribeDocumentPermission, call: &Call, view: &View) -> Access {
        access("DescribeDocumentPermission", call, view, &input.name)
    }

    fn run(
        input: DescribeDocumentPermission,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DescribeDocumentPermissionOutput, Error> {
        let stored = own(tx, call, &input.name)?;
        let things = stored.shared_with.into_iter().map(|account| (account.clone(), account)).collect();
        let (accounts, next_token) =
            page("permissions", input.next_token.as_deref(), input.max_results, 200, things)?;
        let info = |account: &String| AccountSharingInfo {
            account_id: Some(account.clone()),
            shared_document_version: Some("$DEFAULT".into()),
        };
        Ok(DescribeDocumentPermissionOutput {
            account_sharing_info_list: Some(accounts.iter().map(info).collect()),
            account_ids: Some(accounts),
            next_token,
        })
    }
}

impl Transact<ModifyDocumentPermission> for Ssm {
    fn access(input: &ModifyDocumentPermission, call: &Call, view: &View) -> Access {
        access("ModifyDocumentPermission", call, view, &input.name)
    }

    fn run(
        input: ModifyDocumentPermission,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<ModifyDocumentPermissionOutput, Error> {
        if input.shared_document_version.as_deref().is_some_and(|version| version != "$DEFAULT") {
            return Err(crate::errors::not_built(
                "Sharing one version of a document is not built in Cloudchamber, only $DEFAULT.",
            ));
        }
        let stored = own(tx, call, &input.name)?;
        let mut shared_with = stored.shared_with.clone();
        for account in input.account_ids_to_add.into_iter().flatten() {
            let account = account.to_ascii_lowercase();
            if account == call.account.as_str() {
                return Err(validation("You can't share a document with your own account."));
            }
            shared_with.insert(account);
        }
        for account in input.account_ids_to_remove.into_iter().flatten() {
            shared_with.remove(&account.to_ascii_lowercase());
        }
        if shared_with.len() > MOST {
            let message = "The document can't be shared with more Amazon Web Services accounts. You can specify a maximum of 1000 accounts.";
            return Err(DocumentPermissionLimit::new(message).into());
        }
        tx.put(StoredDocument { shared_with, ..stored })?;
        Ok(ModifyDocumentPermissionOutput {})
    }
}
