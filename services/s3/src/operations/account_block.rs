//! The account's public access block, which S3 Control serves.

use crate::S3;
use crate::state::{AccountBlock, PublicAccessBlock};
use api_s3control::{
    DeletePublicAccessBlock, DeletePublicAccessBlockOutput, Error, GetPublicAccessBlock,
    GetPublicAccessBlockOutput, NoSuchPublicAccessBlockConfiguration, PublicAccessBlockConfiguration,
    PutPublicAccessBlock, PutPublicAccessBlockOutput,
};
use contract::{Access, Call, Check, Transact};
use names::{AccountId, Scope};
use store::{Tx, View};
use wire::ErrorResponse;

/// An action on an account, whose principals alone can be allowed.
fn on_account(action: &str, account: &str) -> Access {
    let mut check = Check::new(action, "*");
    check.resource_account = account.parse().ok();
    Access { checks: vec![check], unconditional: false }
}

/// The account of the header, which must be the caller's own.
fn account(given: &str, call: &Call) -> Result<AccountId, Error> {
    match given.parse::<AccountId>() {
        Ok(account) if account == call.account => Ok(account),
        _ => Err(Error::Common(ErrorResponse::new("AccessDenied", "Access Denied", 403))),
    }
}

impl Transact<GetPublicAccessBlock> for S3 {
    fn access(input: &GetPublicAccessBlock, _: &Call, _: &View) -> Access {
        on_account("s3:GetAccountPublicAccessBlock", &input.account_id)
    }

    fn run(
        input: GetPublicAccessBlock,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<GetPublicAccessBlockOutput, Error> {
        let account = account(&input.account_id, call)?;
        let found: Option<AccountBlock> = tx.get(Scope::global(account), account.as_str())?;
        let Some(AccountBlock { block, .. }) = found else {
            let sentence = "The public access block configuration was not found";
            return Err(NoSuchPublicAccessBlockConfiguration::new(sentence).into());
        };
        Ok(GetPublicAccessBlockOutput {
            public_access_block_configuration: Some(PublicAccessBlockConfiguration {
                block_public_acls: Some(block.block_public_acls),
                ignore_public_acls: Some(block.ignore_public_acls),
                block_public_policy: Some(block.block_public_policy),
                restrict_public_buckets: Some(block.restrict_public_buckets),
            }),
        })
    }
}

impl Transact<PutPublicAccessBlock> for S3 {
    fn access(input: &PutPublicAccessBlock, _: &Call, _: &View) -> Access {
        on_account("s3:PutAccountPublicAccessBlock", &input.account_id)
    }

    fn run(
        input: PutPublicAccessBlock,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<PutPublicAccessBlockOutput, Error> {
        let account = account(&input.account_id, call)?;
        let given = input.public_access_block_configuration;
        if given == PublicAccessBlockConfiguration::default() {
            let sentence = "Must specify at least one configuration.";
            return Err(Error::Common(ErrorResponse::new("InvalidRequest", sentence, 400)));
        }
        let block = PublicAccessBlock {
            block_public_acls: given.block_public_acls.unwrap_or_default(),
            ignore_public_acls: given.ignore_public_acls.unwrap_or_default(),
            block_public_policy: given.block_public_policy.unwrap_or_default(),
            restrict_public_buckets: given.restrict_public_buckets.unwrap_or_default(),
        };
        tx.put(AccountBlock { account, block })?;
        Ok(PutPublicAccessBlockOutput {})
    }
}

impl Transact<DeletePublicAccessBlock> for S3 {
    fn access(input: &DeletePublicAccessBlock, _: &Call, _: &View) -> Access {
        on_account("s3:PutAccountPublicAccessBlock", &input.account_id)
    }

    fn run(
        input: DeletePublicAccessBlock,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<DeletePublicAccessBlockOutput, Error> {
        let account = account(&input.account_id, call)?;
        tx.remove::<AccountBlock>(Scope::global(account), account.as_str())?;
        Ok(DeletePublicAccessBlockOutput {})
    }
}
