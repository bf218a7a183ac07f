//! What generated code repeats: enums of text, the walk of a structure, a service's errors. Each costs little to compile.

/// Declares an enum of text values, in the model's order; the first is the default.
///
/// A text outside the values reads as the default: the check of constraints, which runs on every decoded input, refuses it by AWS's sentence.
///
/// ```
/// wire::string_enum! {
///     /// `Tenancy`
///     pub enum Tenancy { Default = "default", Dedicated = "dedicated" }
/// }
/// assert_eq!("dedicated".parse(), Ok(Tenancy::Dedicated));
/// assert_eq!(Tenancy::Dedicated.as_str(), "dedicated");
/// assert!("shared".parse::<Tenancy>().is_err());
/// ```
#[macro_export]
macro_rules! string_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $first:ident = $text:literal $(, $other:ident = $other_text:literal)* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            #[doc = concat!("`", $text, "`")]
            #[default]
            $first,
            $(
                #[doc = concat!("`", $other_text, "`")]
                $other,
            )*
        }

        impl $name {
            /// All values, in the model's order.
            pub const VALUES: &'static [&'static str] = &[$text $(, $other_text)*];

            /// The value on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$first => $text,
                    $(Self::$other => $other_text,)*
                }
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownValue;

            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::UnknownValue> {
                match text {
                    $text => Ok(Self::$first),
                    $($other_text => Ok(Self::$other),)*
                    _ => Err($crate::UnknownValue),
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl $crate::Shape for $name {
            fn write(
                &self,
                schema: &'static $crate::Schema,
                writer: &mut dyn $crate::Writer,
            ) -> ::std::result::Result<(), $crate::ShapeError> {
                writer.string(schema, self.as_str())
            }

            fn read(
                schema: &'static $crate::Schema,
                reader: &mut dyn $crate::Reader,
            ) -> ::std::result::Result<Self, $crate::ShapeError> {
                Ok(reader.string(schema)?.parse().unwrap_or_default())
            }
        }
    };
}

/// A text that is none of an enum's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is none of the enum's values")]
pub struct UnknownValue;

/// Implements [`Shape`](crate::Shape) and a redacting `Debug` for a structure: its table, then the index in the table and the field of each member.
#[macro_export]
macro_rules! shape {
    ($name:ident, $schema:expr $(, $index:literal $field:ident)*) => {
        impl $crate::Shape for $name {
            fn write(
                &self,
                schema: &'static $crate::Schema,
                writer: &mut dyn $crate::Writer,
            ) -> ::std::result::Result<(), $crate::ShapeError> {
                writer.structure(schema, &mut |_writer| {
                    $($crate::put(schema, $index, &self.$field, _writer)?;)*
                    Ok(())
                })
            }

            fn read(
                schema: &'static $crate::Schema,
                reader: &mut dyn $crate::Reader,
            ) -> ::std::result::Result<Self, $crate::ShapeError> {
                let mut _value = Self::default();
                reader.structure(schema, &mut |index, _member, _reader| {
                    match index {
                        $($index => _value.$field = $crate::get(_member, _reader)?,)*
                        _ => {}
                    }
                    Ok(())
                })?;
                Ok(_value)
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::debug(self, &$schema, f)
            }
        }
    };
}

/// Implements [`Operation`](crate::Operation) for an input type.
#[macro_export]
macro_rules! operation {
    ($input:ty => $output:ty, $error:ty, $schema:expr) => {
        impl $crate::Operation for $input {
            type Output = $output;
            type Error = $error;
            const SCHEMA: &'static $crate::OperationSchema = &$schema;
        }
    };
}

/// Declares a modelled error: its code, status, fault, query code, the wire name of its message, and its further members (text, by wire name).
#[macro_export]
macro_rules! modelled_error {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $code:literal, $status:literal, $fault:ident, $query:expr, $message:literal $(, $field:ident = $wire:literal)* $(; $document:ident = $document_wire:literal)* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct $name {
            /// The sentence that AWS prints.
            pub message: String,
            $(
                #[doc = concat!("`", $wire, "`")]
                pub $field: Option<String>,
            )*
            $(
                #[doc = concat!("`", $document_wire, "`, a value that is not text, as JSON")]
                pub $document: Option<$crate::Document>,
            )*
        }

        impl $name {
            /// The code on the wire.
            pub const CODE: &'static str = $code;

            /// The error with its sentence; further members are left out.
            #[must_use]
            pub fn new(message: impl Into<String>) -> Self {
                Self { message: message.into() $(, $field: None)* $(, $document: None)* }
            }
        }

        impl From<$name> for $crate::ErrorResponse {
            fn from(error: $name) -> Self {
                let mut _members: Vec<(&'static str, $crate::Document)> = Vec::new();
                if $message != "message" {
                    _members.push(($message, $crate::Document::String(error.message.clone())));
                }
                $(
                    if let Some(text) = error.$field {
                        _members.push(($wire, $crate::Document::String(text)));
                    }
                )*
                $(
                    if let Some(value) = error.$document {
                        _members.push(($document_wire, value));
                    }
                )*
                Self {
                    code: $code.to_owned(),
                    message: error.message,
                    status: $status,
                    fault: $crate::Fault::$fault,
                    members: _members,
                    query_code: $query,
                }
            }
        }

        impl From<$crate::ErrorResponse> for $name {
            fn from(error: $crate::ErrorResponse) -> Self {
                $(let $field = $crate::error_member(&error, $wire);)*
                $(let $document = $crate::error_document(&error, $document_wire);)*
                Self { message: error.message $(, $field)* $(, $document)* }
            }
        }
    };
}

/// Declares a service's error enum of its modelled errors, with the code of a fault.
#[macro_export]
macro_rules! service_errors {
    ($internal:literal $(, $name:ident)* $(,)?) => {
        /// What this service's operations fail with.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Error {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                $name($name),
            )*
            /// An error that the model does not list: a code and a sentence.
            Common($crate::ErrorResponse),
            /// Our own failure: logged with its causes, answered without them.
            Fault($crate::FaultCause),
        }

        impl Error {
            /// A client's error (status 400) that the model does not list.
            #[must_use]
            pub fn sender(code: impl Into<String>, message: impl Into<String>) -> Self {
                Self::Common($crate::ErrorResponse::sender(code, message))
            }
        }

        impl $crate::ServiceError for Error {
            fn from_response(response: $crate::ErrorResponse) -> Self {
                $(
                    if response.code == $name::CODE {
                        return Self::$name(response.into());
                    }
                )*
                Self::Common(response)
            }

            fn into_response(self) -> $crate::ErrorResponse {
                match self {
                    $(Self::$name(error) => error.into(),)*
                    Self::Common(response) => response,
                    Self::Fault(_) => $crate::internal_failure($internal),
                }
            }

            fn fault(&self) -> Option<&dyn $crate::private::Fault> {
                match self {
                    Self::Fault(cause) => Some(cause.cause()),
                    _ => None,
                }
            }
        }

        $(
            impl From<$name> for Error {
                fn from(error: $name) -> Self {
                    Self::$name(error)
                }
            }
        )*

        impl<F: $crate::private::Fault> From<F> for Error {
            fn from(fault: F) -> Self {
                Self::Fault($crate::FaultCause::new(fault))
            }
        }

        impl ::std::fmt::Display for Error {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    Self::Fault(cause) => cause.fmt(f),
                    other => $crate::ServiceError::into_response(other.clone()).fmt(f),
                }
            }
        }

        impl ::std::error::Error for Error {}
    };
}
