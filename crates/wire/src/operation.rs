//! Operations and services, as the generator describes them.

use crate::{ErrorResponse, Schema, Shape};

/// One operation; implemented by its input type, so `Transact<CreateQueue>` reads like AWS's documentation.
pub trait Operation: Shape + Clone + Send + Sync + 'static {
    /// What it answers.
    type Output: Shape + Clone + Send + Sync + 'static;
    /// The service's errors.
    type Error: ServiceError;
    /// Its description.
    const SCHEMA: &'static OperationSchema;
}

/// A service's generated error enum: `modelled errors | Common(ErrorResponse) | Fault(FaultCause)`.
///
/// The generator also writes `impl<F: names::Fault> From<F> for Error` (to `Fault`), so that `?` carries a store's failure out of an
/// operation, and `From` of each modelled error. It must NOT write `From<ErrorResponse>` (coherence forbids both): that is [`ServiceError::from_response`].
pub trait ServiceError: std::fmt::Debug + Send + Sized + 'static {
    /// An error that has its code already.
    fn from_response(response: ErrorResponse) -> Self;

    /// Ready for encoding; a fault of ours becomes status 500 `InternalFailure` without its chain.
    fn into_response(self) -> ErrorResponse;

    /// The fault of ours, where it is one: logged with its chain, never shown to the client.
    fn fault(&self) -> Option<&dyn names::Fault>;
}

/// The description of an operation.
#[derive(Debug)]
pub struct OperationSchema {
    /// Such as `CreateQueue`.
    pub name: &'static str,
    /// The service that it belongs to.
    pub service: &'static ServiceSchema,
    /// Method, path and status.
    pub http: HttpBinding,
    /// The input's structure.
    pub input: &'static Schema,
    /// The output's structure.
    pub output: &'static Schema,
    /// Query protocol: the element that wraps the output (`CreateTopicResult`), where there is one. REST XML: the root element of an
    /// output that has no payload member (`ListBucketResult`); where the output's only body member has that name too, the member itself
    /// is the root (GetBucketLocation's `<LocationConstraint>eu-west-1</LocationConstraint>`).
    pub result_wrapper: Option<&'static str>,
    /// The input's element name in REST XML, and its namespace, where the model names one.
    pub input_element: Option<(&'static str, Option<&'static str>)>,
    /// A checksum of the body is demanded (`httpChecksumRequired`, or S3's `httpChecksum` with `requestChecksumRequired`).
    pub checksum_required: bool,
    /// Callers need not sign (`authtype: none`).
    pub unsigned: bool,
}

/// How an operation is bound to HTTP.
#[derive(Debug)]
pub struct HttpBinding {
    /// Such as `POST`.
    pub method: &'static str,
    /// Such as `/2015-03-31/functions/{FunctionName}/invocations` or `/{Bucket}?versioning`.
    pub uri: &'static str,
    /// The status of success.
    pub status: u16,
}

/// The description of a service.
#[derive(Debug)]
pub struct ServiceSchema {
    /// The name of its API crate and in `operations.toml`, such as `ec2`.
    pub name: &'static str,
    /// The first label of its host name.
    pub endpoint_prefix: &'static str,
    /// The service in credential scopes.
    pub signing_name: &'static str,
    /// IAM's prefix of its actions where it differs in nothing from the signing name.
    pub action_prefix: &'static str,
    /// `serviceId` in the model (`Config Service`), as rpc-v2-cbor paths and user agents name it.
    pub service_id: &'static str,
    /// The API version.
    pub version: &'static str,
    /// JSON protocols' target prefix, such as `StarlingDoveService`.
    pub target_prefix: Option<&'static str>,
    /// All protocols that it answers, preferred first.
    pub protocols: &'static [Protocol],
    /// Its XML namespace.
    pub xml_namespace: Option<&'static str>,
    /// One endpoint for all regions (IAM).
    pub global: bool,
    /// The code of violated constraints, where it is not the protocol's: CloudWatch Logs' `InvalidParameterException`.
    pub constraint_code: Option<&'static str>,
    /// All operations of the service's model, served or not (for 501 with a name, and for the coverage table).
    pub all_operations: &'static [&'static str],
}

/// A protocol of AWS's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `application/x-amz-json-1.0` with `X-Amz-Target`.
    Json10,
    /// `application/x-amz-json-1.1` with `X-Amz-Target`.
    Json11,
    /// Form-encoded in, XML out.
    Query,
    /// EC2's dialect of it.
    Ec2,
    /// HTTP-bound JSON.
    RestJson,
    /// HTTP-bound XML.
    RestXml,
    /// CBOR over HTTP (Smithy RPC v2).
    Cbor,
}
