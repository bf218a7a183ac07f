//! The functions of expressions, and of what types their arguments and values are.

use super::expression::Expression;
use super::value::{Reduction, Type};

macro_rules! functions {
    ($($name:ident = $text:literal),+ $(,)?) => {
        /// A function.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Function { $($name),+ }

        impl Function {
            /// As it is written.
            pub(crate) fn name(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            fn known(name: &str) -> Option<Self> {
                Some(match name { $($text => Self::$name,)+ _ => return None })
            }
        }
    };
}

functions! {
    Abs = "ABS", Avg = "AVG", Ceil = "CEIL", DatapointCount = "DATAPOINT_COUNT", Date = "DATE", Day = "DAY", Diff = "DIFF",
    DiffTime = "DIFF_TIME", Epoch = "EPOCH", Fill = "FILL", First = "FIRST", Floor = "FLOOR", Hour = "HOUR", If = "IF",
    Last = "LAST", Log = "LOG", Log10 = "LOG10", Max = "MAX", MetricCount = "METRIC_COUNT", Metrics = "METRICS", Min = "MIN",
    Minute = "MINUTE", Month = "MONTH", Period = "PERIOD", Rate = "RATE", RemoveEmpty = "REMOVE_EMPTY",
    RunningSum = "RUNNING_SUM", Search = "SEARCH", Slice = "SLICE", Sort = "SORT", Stddev = "STDDEV", Sum = "SUM",
    TimeSeries = "TIME_SERIES", Year = "YEAR",
}

/// What AWS has and this cloud does not: models of what is usual, other services' data, and functions' own code.
const NOT_BUILT: [&str; 5] =
    ["ANOMALY_DETECTION_BAND", "INSIGHT_RULE_METRIC", "LAMBDA", "SERVICE_QUOTA", "DB_PERF_INSIGHTS"];

impl Function {
    /// The function that a name calls, in whatever case.
    ///
    /// # Errors
    /// Where there is none.
    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let upper = name.to_ascii_uppercase();
        Self::known(&upper).ok_or_else(|| {
            if NOT_BUILT.contains(&upper.as_str()) {
                format!("The function {upper} is not built in Cloudchamber")
            } else {
                format!("Unknown function {name}")
            }
        })
    }

    /// The function as one that makes one number of several.
    pub(crate) fn reduction(self) -> Option<Reduction> {
        Some(match self {
            Self::Avg => Reduction::Average,
            Self::Max => Reduction::Maximum,
            Self::Min => Reduction::Minimum,
            Self::Sum => Reduction::Sum,
            Self::Stddev => Reduction::Deviation,
            Self::DatapointCount => Reduction::Count,
            _ => return None,
        })
    }

    /// The type of the function's value, for arguments that have types (those that are texts or words have none).
    ///
    /// # Errors
    /// Where the arguments are not what the function takes.
    pub(crate) fn value_type(self, arguments: &[Expression], types: &[Option<Type>]) -> Result<Type, String> {
        use Type::{Array, Scalar, Series};
        let wrong = || Err(format!("Invalid arguments of the function {}", self.name()));
        if self.reduction().is_some() {
            return match types {
                [Some(Series)] => Ok(Scalar),
                [Some(Array)] => Ok(Series),
                _ => wrong(),
            };
        }
        match (self, types) {
            (Self::Abs | Self::Ceil | Self::Floor | Self::Log | Self::Log10, [Some(one)])
            | (Self::Diff | Self::DiffTime | Self::Rate | Self::RunningSum, [Some(one @ (Series | Array))])
            | (
                Self::Date | Self::Day | Self::Epoch | Self::Hour | Self::Minute | Self::Month | Self::Year,
                [Some(one @ (Series | Array))],
            ) => Ok(*one),
            (Self::Fill, [Some(one @ (Series | Array)), Some(Scalar | Series)]) => Ok(*one),
            (Self::Fill, [Some(one @ (Series | Array)), None])
                if is_word(arguments, 1, &["REPEAT", "LINEAR"]) =>
            {
                Ok(*one)
            }
            (Self::First | Self::Last, [Some(Array)]) | (Self::TimeSeries, [Some(Scalar)]) => Ok(Series),
            (Self::Period, [Some(Series)]) | (Self::MetricCount, [Some(Array)]) => Ok(Scalar),
            (Self::RemoveEmpty, [Some(Array)]) => Ok(Array),
            (Self::If, [Some(condition), Some(yes)]) => {
                conditional(*condition, &[*yes]).map_or_else(wrong, Ok)
            }
            (Self::If, [Some(condition), Some(yes), Some(no)]) => {
                conditional(*condition, &[*yes, *no]).map_or_else(wrong, Ok)
            }
            (Self::Metrics, []) => Ok(Array),
            (Self::Metrics, [None]) if matches!(arguments, [Expression::Text(_)]) => Ok(Array),
            (Self::Search, [None, None] | [None, None, Some(Scalar)]) if is_search(arguments) => Ok(Array),
            (Self::Slice, [Some(Array), Some(Scalar)]) => Ok(Series),
            (Self::Slice, [Some(Array), Some(Scalar), Some(Scalar)]) => Ok(Array),
            (Self::Sort, [Some(Array), None, None] | [Some(Array), None, None, Some(Scalar)])
                if is_word(arguments, 1, &["AVG", "MAX", "MIN", "SUM", "LAST"])
                    && is_word(arguments, 2, &["ASC", "DESC"]) =>
            {
                Ok(Array)
            }
            _ => wrong(),
        }
    }
}

fn is_word(arguments: &[Expression], at: usize, words: &[&str]) -> bool {
    matches!(arguments.get(at), Some(Expression::Word(word)) if words.contains(&word.as_str()))
}

/// Query and statistic are texts, the period a number that is written there.
fn is_search(arguments: &[Expression]) -> bool {
    matches!(
        arguments,
        [Expression::Text(_), Expression::Text(_)]
            | [Expression::Text(_), Expression::Text(_), Expression::Number(_)]
    )
}

/// The type of IF: a time series unless all is scalar; arrays are no conditions, and no values of one.
fn conditional(condition: Type, values: &[Type]) -> Option<Type> {
    if condition == Type::Array || values.contains(&Type::Array) {
        return None;
    }
    let is_scalar = condition == Type::Scalar && values.iter().all(|value| *value == Type::Scalar);
    // Where there is no other value, there may be none at all.
    Some(if is_scalar && values.len() > 1 { Type::Scalar } else { Type::Series })
}
