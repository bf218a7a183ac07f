//! Moments as CloudWatch's alarms print them, in UTC.

use names::Timestamp;

fn civil(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.millis()).unwrap_or_default()
}

/// `2026-11-22T07:40:00.000+0000`.
pub(crate) fn long(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%dT%H:%M:%S.%3f+0000").to_string()
}

/// `22/11/26 07:40:00`, in the sentences of metric alarms.
pub(crate) fn short(at: Timestamp) -> String {
    civil(at).strftime("%d/%m/%y %H:%M:%S").to_string()
}

/// `Sunday 22 November, 2026 07:40:00 UTC`, in the sentences of composite alarms and in mails.
pub(crate) fn spoken(at: Timestamp) -> String {
    civil(at).strftime("%A %d %B, %Y %H:%M:%S UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_three_forms() {
        let at = Timestamp::from_millis(1_795_333_200_052);
        assert_eq!(long(at), "2026-11-22T07:40:00.052+0000");
        assert_eq!(short(at), "22/11/26 07:40:00");
        assert_eq!(spoken(at), "Sunday 22 November, 2026 07:40:00 UTC");
    }
}
