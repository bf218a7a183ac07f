//! Operations without their types: the only place where a service's operation is monomorphised for the platform, kept thin.

use crate::{AccessOfEach, Call, Context, Judged, Orchestrate, Plane, Transact, TransactEach};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;
use store::{Tx, View};
use wire::{ErrorResponse, Operation, OperationSchema, Reader, ServiceError, Shape, ShapeError, Writer};

/// An operation's input, whatever its type.
pub type AnyInput = Box<dyn Any + Send + Sync>;
/// An operation's output, whatever its type.
pub type AnyOutput = Box<dyn Any + Send + Sync>;

/// Why an operation did not answer its output.
#[derive(Debug, Clone)]
pub struct RunFailure {
    /// What the client is answered.
    pub response: ErrorResponse,
    /// Our own failure's chain, for the log only.
    pub fault: Option<String>,
}

impl RunFailure {
    /// From a service's error.
    pub fn from_error(error: impl ServiceError) -> Self {
        let fault = error.fault().map(|fault| {
            let mut chain = fault.to_string();
            let mut source = std::error::Error::source(fault);
            while let Some(cause) = source {
                chain = format!("{chain}: {cause}");
                source = cause.source();
            }
            chain
        });
        Self { response: error.into_response(), fault }
    }
}

/// How an operation is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execute {
    /// As one transaction.
    Transact,
    /// As asynchronous work.
    Orchestrate,
}

/// An operation that a service registered.
#[async_trait::async_trait]
pub trait AnyOperation: Send + Sync + 'static {
    /// Its description.
    fn schema(&self) -> &'static OperationSchema;
    /// Management or data.
    fn plane(&self) -> Plane;
    /// How it is carried out.
    fn execute(&self) -> Execute;
    /// Builds the input.
    ///
    /// # Errors
    /// Where the reader holds no such input.
    fn read(&self, reader: &mut dyn Reader) -> Result<AnyInput, ShapeError>;
    /// Describes an input.
    ///
    /// # Errors
    /// Where the writer cannot carry it.
    fn write_input(&self, input: &AnyInput, writer: &mut dyn Writer) -> Result<(), ShapeError>;
    /// Describes an output.
    ///
    /// # Errors
    /// Where the writer cannot carry it.
    fn write_output(&self, output: &AnyOutput, writer: &mut dyn Writer) -> Result<(), ShapeError>;
    /// What the call needs; None where the input is of another operation.
    fn access(&self, input: &AnyInput, call: &Call, view: &View) -> Option<AccessOfEach>;
    /// Carries out a [`Execute::Transact`] operation; the input stays, for another try. `denials`: of each part, as its access told them.
    ///
    /// # Errors
    /// What the client is answered.
    fn transact(
        &self,
        input: &AnyInput,
        denials: Vec<Option<ErrorResponse>>,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AnyOutput, RunFailure>;
    /// Carries out a [`Execute::Orchestrate`] operation.
    ///
    /// # Errors
    /// What the client is answered.
    async fn orchestrate(
        &self,
        input: AnyInput,
        call: &Call,
        context: &Context,
    ) -> Result<AnyOutput, RunFailure>;
}

fn wrong_type(schema: &OperationSchema) -> RunFailure {
    let fault = format!("{}.{} was given another operation's input", schema.service.name, schema.name);
    RunFailure { response: ErrorResponse::new("InternalFailure", "", 500), fault: Some(fault) }
}

fn describe<T: Shape + 'static>(
    value: &(dyn Any + Send + Sync),
    schema: &'static wire::Schema,
    writer: &mut dyn Writer,
) -> Result<(), ShapeError> {
    match value.downcast_ref::<T>() {
        Some(value) => value.write(schema, writer),
        None => Err(ShapeError { code: "InternalFailure", message: format!("not a {}", schema.name) }),
    }
}

pub(crate) struct Transacted<S, I> {
    pub(crate) plane: Plane,
    pub(crate) types: PhantomData<fn(S, I)>,
}

#[async_trait::async_trait]
impl<S: Transact<I> + 'static, I: Operation> AnyOperation for Transacted<S, I> {
    fn schema(&self) -> &'static OperationSchema {
        I::SCHEMA
    }
    fn plane(&self) -> Plane {
        self.plane
    }
    fn execute(&self) -> Execute {
        Execute::Transact
    }
    fn read(&self, reader: &mut dyn Reader) -> Result<AnyInput, ShapeError> {
        Ok(Box::new(I::read(I::SCHEMA.input, reader)?))
    }
    fn write_input(&self, input: &AnyInput, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        describe::<I>(&**input, I::SCHEMA.input, writer)
    }
    fn write_output(&self, output: &AnyOutput, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        describe::<I::Output>(&**output, I::SCHEMA.output, writer)
    }
    fn access(&self, input: &AnyInput, call: &Call, view: &View) -> Option<AccessOfEach> {
        Some(S::access(input.downcast_ref::<I>()?, call, view).into())
    }
    fn transact(
        &self,
        input: &AnyInput,
        _: Vec<Option<ErrorResponse>>,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AnyOutput, RunFailure> {
        let input = input.downcast_ref::<I>().ok_or_else(|| wrong_type(I::SCHEMA))?;
        let output = S::run(input.clone(), call, tx).map_err(RunFailure::from_error)?;
        Ok(Box::new(output))
    }
    async fn orchestrate(&self, _: AnyInput, _: &Call, _: &Context) -> Result<AnyOutput, RunFailure> {
        Err(wrong_type(I::SCHEMA))
    }
}

pub(crate) struct TransactedEach<S, I> {
    pub(crate) plane: Plane,
    pub(crate) types: PhantomData<fn(S, I)>,
}

#[async_trait::async_trait]
impl<S: TransactEach<I> + 'static, I: Operation> AnyOperation for TransactedEach<S, I> {
    fn schema(&self) -> &'static OperationSchema {
        I::SCHEMA
    }
    fn plane(&self) -> Plane {
        self.plane
    }
    fn execute(&self) -> Execute {
        Execute::Transact
    }
    fn read(&self, reader: &mut dyn Reader) -> Result<AnyInput, ShapeError> {
        Ok(Box::new(I::read(I::SCHEMA.input, reader)?))
    }
    fn write_input(&self, input: &AnyInput, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        describe::<I>(&**input, I::SCHEMA.input, writer)
    }
    fn write_output(&self, output: &AnyOutput, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        describe::<I::Output>(&**output, I::SCHEMA.output, writer)
    }
    fn access(&self, input: &AnyInput, call: &Call, view: &View) -> Option<AccessOfEach> {
        let mut input = input.downcast_ref::<I>()?.clone();
        let parts = S::split(&mut input);
        Some(S::access(&input, &parts, call, view))
    }
    fn transact(
        &self,
        input: &AnyInput,
        denials: Vec<Option<ErrorResponse>>,
        call: &Call,
        tx: &mut Tx,
    ) -> Result<AnyOutput, RunFailure> {
        let mut input = input.downcast_ref::<I>().ok_or_else(|| wrong_type(I::SCHEMA))?.clone();
        let parts = S::split(&mut input);
        if parts.len() != denials.len() {
            // A part that was not judged is not allowed, and whose denial is whose is not known.
            let (name, parts, judged) = (I::SCHEMA.name, parts.len(), denials.len());
            let fault = format!("{name} has {parts} parts, and its access named {judged}");
            let response = ErrorResponse::new("InternalFailure", "", 500);
            return Err(RunFailure { response, fault: Some(fault) });
        }
        let judged = parts.into_iter().zip(denials).map(|(part, denial)| match denial {
            None => Judged::Allowed(part),
            Some(denial) => Judged::Denied(part, denial),
        });
        let output = S::run(input, judged.collect(), call, tx).map_err(RunFailure::from_error)?;
        Ok(Box::new(output))
    }
    async fn orchestrate(&self, _: AnyInput, _: &Call, _: &Context) -> Result<AnyOutput, RunFailure> {
        Err(wrong_type(I::SCHEMA))
    }
}

pub(crate) struct Orchestrated<S, I> {
    pub(crate) service: Arc<S>,
    pub(crate) plane: Plane,
    pub(crate) types: PhantomData<fn(I)>,
}

#[async_trait::async_trait]
impl<S: Orchestrate<I>, I: Operation> AnyOperation for Orchestrated<S, I> {
    fn schema(&self) -> &'static OperationSchema {
        I::SCHEMA
    }
    fn plane(&self) -> Plane {
        self.plane
    }
    fn execute(&self) -> Execute {
        Execute::Orchestrate
    }
    fn read(&self, reader: &mut dyn Reader) -> Result<AnyInput, ShapeError> {
        Ok(Box::new(I::read(I::SCHEMA.input, reader)?))
    }
    fn write_input(&self, input: &AnyInput, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        describe::<I>(&**input, I::SCHEMA.input, writer)
    }
    fn write_output(&self, output: &AnyOutput, writer: &mut dyn Writer) -> Result<(), ShapeError> {
        describe::<I::Output>(&**output, I::SCHEMA.output, writer)
    }
    fn access(&self, input: &AnyInput, call: &Call, view: &View) -> Option<AccessOfEach> {
        Some(self.service.access(input.downcast_ref::<I>()?, call, view).into())
    }
    fn transact(
        &self,
        _: &AnyInput,
        _: Vec<Option<ErrorResponse>>,
        _: &Call,
        _: &mut Tx,
    ) -> Result<AnyOutput, RunFailure> {
        Err(wrong_type(I::SCHEMA))
    }
    async fn orchestrate(
        &self,
        input: AnyInput,
        call: &Call,
        context: &Context,
    ) -> Result<AnyOutput, RunFailure> {
        let input = input.downcast::<I>().map_err(|_| wrong_type(I::SCHEMA))?;
        let output = self.service.run(*input, call, context).await.map_err(RunFailure::from_error)?;
        Ok(Box::new(output))
    }
}
