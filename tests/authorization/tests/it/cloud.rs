//! A cloud of all services behind the real gateway, without a socket.

use bytes::Bytes;
use cloudchamber::services::{Choices, registrations};
use contract::Caller;
use gateway::{Gateway, Options};
use http_body_util::{BodyExt, Full};
use sigv4::{Credentials, SecretKey, Signer};
use std::sync::{Arc, Mutex};
use testkit::{ACCOUNT, REGION, TestCloud};
use wire::{Body, Document};

/// Who sends a request.
pub(crate) enum Who {
    Anonymous,
    WrongSignature,
    /// A user without policies.
    Nobody,
    /// A user whom all is allowed and these actions are denied.
    Denied(Vec<String>),
    /// A user who may do just these.
    Allowed(Vec<String>),
}

pub(crate) struct Cloud {
    pub(crate) cloud: TestCloud,
    gateway: Arc<Gateway>,
    pub(crate) root: Caller,
    keys: [Credentials; 3],
    last: Mutex<String>,
}

/// All operations that are registered, by service.
pub(crate) fn registered() -> Vec<(&'static str, &'static str)> {
    let all = registrations(&Choices::for_tests());
    all.iter().flat_map(|it| &it.operations).map(|it| (it.schema().service.name, it.schema().name)).collect()
}

impl Cloud {
    pub(crate) async fn start() -> Self {
        Self::with(true).await
    }

    /// A cloud whose gateway takes it for one in memory, or for one on a disk.
    pub(crate) async fn with(ephemeral: bool) -> Self {
        let cloud = TestCloud::new(registrations(&Choices::for_tests()));
        let options = Options {
            account: ACCOUNT.parse().unwrap(),
            region: REGION,
            well_known_credentials: true,
            ephemeral,
            version: "test",
            console: |_| None,
        };
        let gateway =
            Gateway::new(Arc::clone(&cloud.pipeline), &registrations(&Choices::for_tests()), options);
        let root = cloud.root();
        // The one resource that must exist: AWS denies to assume a role that does not. Its trust leaves the choice to the identity policies.
        let trust = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{ACCOUNT}"}},"Action":["sts:AssumeRole","sts:SetSourceIdentity","sts:TagSession"]}}]}}"#
        );
        let role = api_iam::CreateRole {
            role_name: "assumable".into(),
            assume_role_policy_document: trust,
            ..Default::default()
        };
        root.call(role).await.unwrap();
        let mut keys = Vec::new();
        for name in ["nobody", "denied", "allowed"] {
            root.call(api_iam::CreateUser { user_name: name.into(), ..Default::default() }).await.unwrap();
            let key = root
                .call(api_iam::CreateAccessKey { user_name: Some(name.into()) })
                .await
                .unwrap()
                .access_key;
            keys.push(Credentials {
                access_key_id: key.access_key_id,
                secret: SecretKey::new(key.secret_access_key),
                session_token: None,
            });
        }
        let keys = <[Credentials; 3]>::try_from(keys).unwrap();
        Self { cloud, gateway, root, keys, last: Mutex::default() }
    }

    pub(crate) fn last_message(&self) -> String {
        self.last.lock().unwrap().clone()
    }

    async fn policy(&self, user: &str, statements: &str) {
        let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        let put = api_iam::PutUserPolicy {
            user_name: user.into(),
            policy_name: "test".into(),
            policy_document: policy,
        };
        self.root.call(put).await.unwrap();
    }

    /// An access key of the account's root.
    pub(crate) async fn root_key(&self) -> Credentials {
        let key = self.root.call(api_iam::CreateAccessKey { user_name: None }).await.unwrap().access_key;
        Credentials {
            access_key_id: key.access_key_id,
            secret: SecretKey::new(key.secret_access_key),
            session_token: None,
        }
    }

    /// An access key of the account's root that all the world knows.
    pub(crate) async fn well_known_key(&self) -> Credentials {
        let key = iam::accounts::RootKey {
            access_key_id: "test".into(),
            secret: contract::Secret("test".into()),
            well_known: true,
        };
        let context = self.cloud.context();
        let (scope, principal) = (self.cloud.scope(), self.root.principal().clone());
        let call = context.own_call("iam", "Prepare", principal, scope).unwrap();
        let ensure = |call: &contract::Call, tx: &mut _| {
            iam::accounts::ensure_account(tx, scope.account, &key, "", call.now)
        };
        context.transact(&call, ensure).await.unwrap();
        Credentials { access_key_id: "test".into(), secret: SecretKey::new("test"), session_token: None }
    }

    /// The key of the user without policies.
    pub(crate) fn nobody_key(&self) -> &Credentials {
        &self.keys[0]
    }

    /// Signs a request for a service.
    pub(crate) fn sign(
        &self,
        mut request: http::Request<Bytes>,
        service: &str,
        credentials: &Credentials,
    ) -> http::Request<Bytes> {
        let (path, query) =
            (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
        let digest = sigv4::hex_sha256(request.body());
        if service == "s3" {
            request.headers_mut().insert("x-amz-content-sha256", digest.parse().unwrap());
        }
        let signer = Signer { credentials, region: "us-east-1", service };
        let to_sign = sigv4::Request::new(request.method().as_str(), &path, &query, request.headers());
        let signed = signer.sign(&to_sign, &digest, self.cloud.now()).unwrap();
        signed.apply(request.headers_mut());
        request
    }

    /// Signs a request for S3 whose payload is told by one of S3's words.
    pub(crate) fn sign_payload(
        &self,
        mut request: http::Request<Bytes>,
        payload: &str,
        credentials: &Credentials,
    ) -> http::Request<Bytes> {
        let (path, query) =
            (request.uri().path().to_owned(), request.uri().query().unwrap_or_default().to_owned());
        request.headers_mut().insert("x-amz-content-sha256", payload.parse().unwrap());
        let signer = Signer { credentials, region: "us-east-1", service: "s3" };
        let to_sign = sigv4::Request::new(request.method().as_str(), &path, &query, request.headers());
        let signed = signer.sign(&to_sign, payload, self.cloud.now()).unwrap();
        signed.apply(request.headers_mut());
        request
    }

    /// Sends a request as it is, as from this machine.
    pub(crate) async fn exchange(&self, request: http::Request<Bytes>) -> http::Response<Bytes> {
        self.exchange_from("127.0.0.1", request).await
    }

    /// Sends a request as it is, from an address.
    pub(crate) async fn exchange_from(
        &self,
        peer: &str,
        request: http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        let request = request.map(|bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync());
        whole(self.gateway.answer(request, Some(peer.parse().unwrap()), false).await.0).await
    }

    /// Sends a request as from this machine, and answers before the body is read.
    pub(crate) async fn stream(&self, request: http::Request<Bytes>) -> http::Response<gateway::Incoming> {
        let request = request.map(|bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync());
        self.gateway.answer(request, Some("127.0.0.1".parse().unwrap()), false).await.0
    }

    /// Sends a request as a function in its sandbox does.
    pub(crate) async fn exchange_from_function(
        &self,
        request: http::Request<Bytes>,
    ) -> http::Response<Bytes> {
        let request = request.map(|bytes| Full::new(bytes).map_err(|never| match never {}).boxed_unsync());
        whole(self.gateway.answer_function(request, Some("127.0.0.1".parse().unwrap())).await.0).await
    }

    /// Sends an operation's input (JSON) and answers the error's code, or nothing where there is none.
    pub(crate) async fn send(&self, service: &str, operation: &str, input: &str, who: &Who) -> String {
        let quoted =
            |actions: &[String]| actions.iter().map(|it| format!("{it:?}")).collect::<Vec<_>>().join(",");
        let [nobody, denied, allowed] = &self.keys;
        let signed_by = match who {
            Who::Anonymous => None,
            Who::WrongSignature => Some(Credentials { secret: SecretKey::new("wrong"), ..nobody.clone() }),
            Who::Nobody => Some(nobody.clone()),
            Who::Denied(actions) => {
                let statements = format!(
                    r#"{{"Effect":"Allow","Action":"*","Resource":"*"}},{{"Effect":"Deny","Action":[{}],"Resource":"*"}}"#,
                    quoted(actions)
                );
                self.policy("denied", &statements).await;
                Some(denied.clone())
            }
            Who::Allowed(actions) => {
                let statement =
                    format!(r#"{{"Effect":"Allow","Action":[{}],"Resource":"*"}}"#, quoted(actions));
                self.policy("allowed", &statement).await;
                Some(allowed.clone())
            }
        };
        let schema = self.cloud.pipeline.schema(service, operation).expect("the operation is registered");
        let any = self.cloud.pipeline.operation(schema).unwrap();
        // The JSON of the table is read by the JSON codec, and written by the one that the service speaks.
        let body = Body::Whole(Bytes::from(input.to_owned()));
        let headers = http::HeaderMap::new();
        let incoming = wire::Incoming { headers: &headers, query: "", labels: &[], body: &body };
        let mut decoded = None;
        wire::decode_with(
            wire::Protocol::Json11,
            schema,
            &incoming,
            &|| "11111111-2222-4333-8444-555555555555".into(),
            &mut |reader| {
                decoded = Some(any.read(reader)?);
                Ok(())
            },
        )
        .unwrap_or_else(|error| panic!("{service}:{operation}: the table's input is not valid: {error}"));
        let decoded = decoded.unwrap();
        let kept = wire::encode_request_with(wire::Protocol::Json11, schema, &|writer| {
            any.write_input(&decoded, writer)
        })
        .unwrap();
        let Body::Whole(kept) = kept.body else { panic!("a streamed body") };
        assert_kept(
            &format!("{service}:{operation}"),
            &Document::parse(input).unwrap(),
            &Document::parse_bytes(&kept).unwrap(),
        );
        let protocol = schema.service.protocols[0];
        let request =
            wire::encode_request_with(protocol, schema, &|writer| any.write_input(&decoded, writer))
                .unwrap_or_else(|error| panic!("{service}:{operation}: {error}"));
        let mut headers = request.headers;
        headers.insert("host", "127.0.0.1:4566".parse().unwrap());
        let Body::Whole(bytes) = request.body else { panic!("a streamed body") };
        if let Some(credentials) = signed_by {
            let signer = Signer {
                credentials: &credentials,
                region: "us-east-1",
                service: schema.service.signing_name,
            };
            let to_sign = sigv4::Request::new(request.method, &request.path, &request.query, &headers);
            let signed = signer.sign(&to_sign, &sigv4::hex_sha256(&bytes), self.cloud.now()).unwrap();
            signed.apply(&mut headers);
        }
        let uri = if request.query.is_empty() {
            request.path
        } else {
            format!("{}?{}", request.path, request.query)
        };
        let mut sent = http::Request::builder().method(request.method).uri(uri);
        *sent.headers_mut().unwrap() = headers;
        let (parts, bytes) = self.exchange(sent.body(bytes).unwrap()).await.into_parts();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.last.lock().unwrap().clone_from(&text);
        if parts.status.is_success() {
            return String::new();
        }
        if protocol == wire::Protocol::Cbor {
            let (status, headers, body) = (parts.status.as_u16(), parts.headers, Body::Whole(bytes));
            let answer = wire::HttpResponse { status, headers, body };
            return wire::decode_response_with(protocol, schema, &answer, &mut |_| Ok(())).unwrap_err().code;
        }
        code(&parts, &text)
    }
}

fn code(parts: &http::response::Parts, text: &str) -> String {
    if let Some(name) = parts.headers.get("x-amzn-errortype") {
        return name.to_str().unwrap().split(':').next().unwrap().to_owned();
    }
    if let Ok(document) = Document::parse(text)
        && let Some(name) = document.get("__type").and_then(Document::as_str)
    {
        return name.rsplit('#').next().unwrap().to_owned();
    }
    let between = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>"));
    // HEAD has no body: its status is all that it says.
    between.map_or_else(
        || if parts.status == 403 { "AccessDenied".into() } else { parts.status.to_string() },
        |(code, _)| code.to_owned(),
    )
}

/// A row that misspells a member would test less than it says: decoding leaves out what the model does not name.
fn assert_kept(place: &str, given: &Document, kept: &Document) {
    match (given.as_object(), given.as_array()) {
        (Some(members), _) => {
            for (name, value) in members {
                let place = format!("{place}.{name}");
                assert_kept(
                    &place,
                    value,
                    kept.get(name).unwrap_or_else(|| panic!("{place} is in the table and not in the model")),
                );
            }
        }
        (_, Some(elements)) => {
            let kept = kept.as_array().unwrap_or_else(|| panic!("{place} is no list"));
            assert_eq!(elements.len(), kept.len(), "{place}");
            elements.iter().zip(kept).for_each(|(given, kept)| assert_kept(place, given, kept));
        }
        _ => {}
    }
}

async fn whole(answer: http::Response<gateway::Incoming>) -> http::Response<Bytes> {
    let (parts, body) = answer.into_parts();
    http::Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}
