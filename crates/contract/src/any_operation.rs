//! Operations without their types: the only place where a service's operation is monomorphised for the platform, kept thin.

use crate::{
    AccessOfEach, Call, Context, Judged, Orchestrate, Plane, Prepare, Prepared, Transact, TransactEach,
    Unprepared,
};
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
pub enum RunFailure {
    /// What the client is answered.
    Answered(ErrorResponse),
    /// Our own failure, with its chain of causes: for the log only.
    Fault(String),
    /// It needs what [`AnyOperation::prepare`] answers.
    Unprepared,
}

impl RunFailure {
    /// From a service's error.
    pub fn from_error(error: impl ServiceError) -> Self {
        let Some(fault) = error.fault() else { return Self::Answered(error.into_response()) };
        let fault: &(dyn std::error::Error + 'static) = fault;
        if fault.is::<Unprepared>() {
            return Self::Unprepared;
        }
        let mut chain = fault.to_string();
        let mut source = fault.source();
        while let Some(cause) = source {
            chain = format!("{chain}: {cause}");
            source = cause.source();
        }
        Self::Fault(chain)
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
        _input: &AnyInput,
        _denials: Vec<Option<ErrorResponse>>,
        _call: &Call,
        _tx: &mut Tx,
    ) -> Result<AnyOutput, RunFailure> {
        Err(wrong_type(self.schema()))
    }
    /// Asks other services for what an [`Execute::Transact`] operation needs that answered [`RunFailure::Unprepared`].
    ///
    /// # Errors
    /// What the client is answered.
    async fn prepare(
        &self,
        _input: &AnyInput,
        _call: &Call,
        _context: &Context,
    ) -> Result<Prepared, RunFailure> {
        Err(wrong_type(self.schema()))
    }
    /// Carries out a [`Execute::Orchestrate`] operation.
    ///
    /// # Errors
    /// What the client is answered.
    async fn orchestrate(
        &self,
        _input: AnyInput,
        _call: &Call,
        _context: &Context,
    ) -> Result<AnyOutput, RunFailure> {
        Err(wrong_type(self.schema()))
    }
}

fn wrong_type(schema: &OperationSchema) -> RunFailure {
    let fault = format!(
        "{}.{} was given another operation's input, or is carried out in another way",
        schema.service.name, schema.name
    );
    RunFailure::Fault(fault)
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

/// What is the same in each of them.
macro_rules! described {
    ($execute:ident) => {
        fn schema(&self) -> &'static OperationSchema {
            I::SCHEMA
        }
        fn plane(&self) -> Plane {
            self.plane
        }
        fn execute(&self) -> Execute {
            Execute::$execute
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
    };
}

pub(crate) struct Transacted<S, I> {
    pub(crate) plane: Plane,
    /// Asks for what `run` may need.
    pub(crate) prepare: Option<Arc<dyn Prepare<I>>>,
    pub(crate) types: PhantomData<fn(S, I)>,
}

#[async_trait::async_trait]
impl<S: Transact<I> + 'static, I: Operation> AnyOperation for Transacted<S, I> {
    described!(Transact);
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
    async fn prepare(
        &self,
        input: &AnyInput,
        call: &Call,
        context: &Context,
    ) -> Result<Prepared, RunFailure> {
        let prepare = self.prepare.as_ref().ok_or_else(|| wrong_type(I::SCHEMA))?;
        let input = input.downcast_ref::<I>().ok_or_else(|| wrong_type(I::SCHEMA))?;
        prepare.prepare(input, call, context).await.map_err(RunFailure::from_error)
    }
}

pub(crate) struct TransactedEach<S, I> {
    pub(crate) plane: Plane,
    pub(crate) types: PhantomData<fn(S, I)>,
}

#[async_trait::async_trait]
impl<S: TransactEach<I> + 'static, I: Operation> AnyOperation for TransactedEach<S, I> {
    described!(Transact);
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
            return Err(RunFailure::Fault(fault));
        }
        let judged = parts.into_iter().zip(denials).map(|(part, denial)| match denial {
            None => Judged::Allowed(part),
            Some(denial) => Judged::Denied(part, denial),
        });
        let output = S::run(input, judged.collect(), call, tx).map_err(RunFailure::from_error)?;
        Ok(Box::new(output))
    }
}

pub(crate) struct Orchestrated<S, I> {
    pub(crate) service: Arc<S>,
    pub(crate) plane: Plane,
    pub(crate) types: PhantomData<fn(I)>,
}

#[async_trait::async_trait]
impl<S: Orchestrate<I>, I: Operation> AnyOperation for Orchestrated<S, I> {
    described!(Orchestrate);
    fn access(&self, input: &AnyInput, call: &Call, view: &View) -> Option<AccessOfEach> {
        Some(self.service.access(input.downcast_ref::<I>()?, call, view).into())
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
