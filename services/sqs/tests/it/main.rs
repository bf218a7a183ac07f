//! Tests of sqs.
