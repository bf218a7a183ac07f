use super::Function;

/// None where there is no such number: the root of a negative one.
pub(super) fn apply(function: Function, numbers: &[f64]) -> Option<f64> {
    let first = *numbers.first()?;
    let number = match function {
        Function::Abs => first.abs(),
        Function::Ceil => first.ceil(),
        Function::Floor => first.floor(),
        Function::Log => first.ln(),
        Function::Sqrt => first.sqrt(),
        Function::Greatest => numbers.iter().copied().fold(first, f64::max),
        Function::Least => numbers.iter().copied().fold(first, f64::min),
        _ => return None,
    };
    number.is_finite().then_some(number + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_computed() {
        assert_eq!(apply(Function::Abs, &[-2.5]), Some(2.5));
        assert_eq!(apply(Function::Ceil, &[2.1]), Some(3.0));
        assert_eq!(apply(Function::Floor, &[-2.1]), Some(-3.0));
        assert_eq!(apply(Function::Log, &[1.0]), Some(0.0));
        assert_eq!(apply(Function::Sqrt, &[9.0]), Some(3.0));
        assert_eq!(apply(Function::Greatest, &[1.0, 3.0, 2.0]), Some(3.0));
        assert_eq!(apply(Function::Least, &[4.0, 1.0, 2.0]), Some(1.0));
        assert_eq!((apply(Function::Sqrt, &[-1.0]), apply(Function::Log, &[0.0])), (None, None));
    }
}
