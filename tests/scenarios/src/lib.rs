//! Scenarios over a socket: the real binary, driven by boto3 and the AWS CLI.
//!
//! What it is: Python scripts, one folder a scenario, and the tests that run them. What it is not: tests of single operations; those stand beside
//! their services.
