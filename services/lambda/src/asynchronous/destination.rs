//! Where records of events may go.

use crate::error::{invalid, not_built};
use api_lambda::Error;
use names::Arn;

/// Checks a destination's ARN: queues, topics and functions can be destinations here.
pub(crate) fn check_destination(destination: &str) -> Result<(), Error> {
    let refused = || invalid(format!("The destination ARN {destination} is invalid."));
    let arn: Arn = destination.parse().map_err(|_| refused())?;
    match arn.service.as_str() {
        "sns" | "sqs" if arn.account.is_some() && arn.region.is_some() => Ok(()),
        "lambda"
            if arn.resource.starts_with("function:") && arn.account.is_some() && arn.region.is_some() =>
        {
            Ok(())
        }
        "events" => Err(not_built("A destination in EventBridge")),
        "s3" => Err(not_built("A destination in S3")),
        _ => Err(refused()),
    }
}

#[cfg(test)]
mod tests {
    use super::check_destination;

    #[test]
    fn queues_topics_and_functions_only() {
        assert!(check_destination("arn:aws:sqs:us-east-1:111122223333:q").is_ok());
        assert!(check_destination("arn:aws:sns:us-east-1:111122223333:t").is_ok());
        assert!(check_destination("arn:aws:lambda:us-east-1:111122223333:function:f:live").is_ok());
        for bad in ["t", "arn:aws:events:us-east-1:111122223333:event-bus/b", "arn:aws:s3:::b"] {
            assert!(check_destination(bad).is_err(), "{bad}");
        }
    }
}
