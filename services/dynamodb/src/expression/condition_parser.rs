//! The grammar of conditions.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>

use super::condition::{Comparator, Condition, Operand};
use super::parser::Parser;
use super::path::Path;
use super::token::Kind;
use crate::value::Value;

/// How deep parentheses may lie in each other: no stack is exhausted by an expression.
const DEPTH: usize = 128;

const TYPES: &[&str] = &["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];
const UPDATE_FUNCTIONS: &[&str] = &["if_not_exists", "list_append"];

impl Parser<'_, '_> {
    pub(super) fn whole_condition(&mut self) -> Result<Condition, String> {
        let condition = self.disjunction()?;
        self.end()?;
        Ok(condition)
    }

    fn disjunction(&mut self) -> Result<Condition, String> {
        self.depth += 1;
        if self.depth > DEPTH {
            return Err("The expression contains too many operators; operator count: 301".into());
        }
        let mut any = vec![self.conjunction()?];
        while self.take_word("OR") {
            self.operator()?;
            any.push(self.conjunction()?);
        }
        self.depth -= 1;
        Ok(if any.len() == 1 { any.remove(0) } else { Condition::Or(any) })
    }

    fn conjunction(&mut self) -> Result<Condition, String> {
        let mut all = vec![self.negation()?];
        while self.take_word("AND") {
            self.operator()?;
            all.push(self.negation()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Condition::And(all) })
    }

    fn negation(&mut self) -> Result<Condition, String> {
        let mut turned = false;
        let mut any = false;
        while self.take_word("NOT") {
            self.operator()?;
            turned = !turned;
            any = true;
        }
        let condition = self.primary()?;
        Ok(match (any, turned) {
            (true, true) => Condition::Not(Box::new(condition)),
            _ => condition,
        })
    }

    fn primary(&mut self) -> Result<Condition, String> {
        let before = self.encloses();
        if self.take("(") {
            let condition = self.disjunction()?;
            self.expect(")")?;
            // ((a = b)): the inner pair says nothing.
            if before && self.is_symbol(")") {
                return Err("The expression has redundant parentheses;".into());
            }
            return Ok(condition);
        }
        if let Some(name) = self.function() {
            if name != "size" {
                return self.condition_function(name);
            }
            let size = self.size()?;
            return self.comparison(size);
        }
        let operand = self.operand()?;
        self.comparison(operand)
    }

    fn condition_function(&mut self, name: &str) -> Result<Condition, String> {
        self.operator()?;
        match name {
            "attribute_exists" | "attribute_not_exists" => {
                let path = self.only_path(name)?;
                let exists = Condition::Exists(path);
                Ok(if name == "attribute_exists" { exists } else { Condition::Not(Box::new(exists)) })
            }
            "attribute_type" => {
                let arguments = self.arguments(name)?;
                let [path, wanted] = arguments;
                let Operand::Path(path) = path else { return Err(needs_path(name)) };
                match &wanted {
                    Operand::Value(Value::S(text)) if TYPES.contains(&text.as_str()) => {
                        Ok(Condition::Type(path, wanted))
                    }
                    Operand::Value(Value::S(text)) => Err(format!(
                        "Invalid attribute type name found; type: {text}, valid types: {{{}}}",
                        TYPES.join(",")
                    )),
                    Operand::Value(other) => Err(wrong_type(name, other)),
                    _ => Ok(Condition::Type(path, wanted)),
                }
            }
            "begins_with" => {
                let [value, prefix] = self.arguments(name)?;
                for operand in [&value, &prefix] {
                    if let Operand::Value(other) = operand
                        && !matches!(other, Value::S(_) | Value::B(_))
                    {
                        return Err(wrong_type(name, other));
                    }
                }
                same_operands(name, &value, &prefix)?;
                Ok(Condition::BeginsWith(value, prefix))
            }
            "contains" => {
                let [value, wanted] = self.arguments(name)?;
                if let Operand::Value(other @ (Value::N(_) | Value::Bool(_) | Value::Null | Value::M(_))) =
                    &value
                {
                    return Err(wrong_type(name, other));
                }
                same_operands(name, &value, &wanted)?;
                Ok(Condition::Contains(value, wanted))
            }
            other if UPDATE_FUNCTIONS.contains(&other) => {
                Err(format!("The function is not allowed in a condition expression; function: {other}"))
            }
            other => Err(format!("Invalid function name; function: {other}")),
        }
    }

    /// The arguments up to `)`, so many.
    fn arguments<const N: usize>(&mut self, name: &str) -> Result<[Operand; N], String> {
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.operand()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        let count = arguments.len();
        <[Operand; N]>::try_from(arguments).map_err(|_| {
            format!(
                "Incorrect number of operands for operator or function; operator or function: {name}, number of operands: {count}"
            )
        })
    }

    fn only_path(&mut self, name: &str) -> Result<Path, String> {
        match self.arguments(name)? {
            [Operand::Path(path)] => Ok(path),
            _ => Err(needs_path(name)),
        }
    }

    fn size(&mut self) -> Result<Operand, String> {
        self.operator()?;
        match self.arguments("size")? {
            [Operand::Path(path)] => Ok(Operand::Size(path)),
            [Operand::Value(value)] => match value.length() {
                // The size of a value is known at once.
                Some(length) => {
                    let length = i64::try_from(length).unwrap_or(i64::MAX);
                    Ok(Operand::Value(Value::N(crate::value::Number::from_i64(length))))
                }
                None => Err(wrong_type("size", &value)),
            },
            [Operand::Size(_)] => {
                Err("The function is not allowed to be used this way in an expression; function: size".into())
            }
        }
    }

    fn operand(&mut self) -> Result<Operand, String> {
        if let Some(value) = self.value()? {
            return Ok(Operand::Value(value));
        }
        if let Some(name) = self.function() {
            return match name {
                "size" => self.size(),
                other if UPDATE_FUNCTIONS.contains(&other) => {
                    Err(format!("The function is not allowed in a condition expression; function: {other}"))
                }
                "attribute_exists"
                | "attribute_not_exists"
                | "attribute_type"
                | "begins_with"
                | "contains" => Err(format!(
                    "The function is not allowed to be used this way in an expression; function: {name}"
                )),
                other => Err(format!("Invalid function name; function: {other}")),
            };
        }
        self.path().map(Operand::Path)
    }

    fn comparison(&mut self, left: Operand) -> Result<Condition, String> {
        let token = self.peek();
        if token.kind == Kind::Symbol
            && let Some(comparator) = Comparator::read(token.text)
        {
            self.next();
            self.operator()?;
            let right = self.operand()?;
            if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
                [&left, &right].into_iter().try_for_each(|operand| ordered(comparator.text(), operand))?;
            }
            same_operands(comparator.text(), &left, &right)?;
            return Ok(Condition::Compare(left, comparator, right));
        }
        if self.take_word("BETWEEN") {
            self.operator()?;
            let low = self.operand()?;
            if !self.take_word("AND") {
                return Err(self.unexpected());
            }
            let high = self.operand()?;
            [&left, &low, &high].into_iter().try_for_each(|operand| ordered("BETWEEN", operand))?;
            check_bounds(&low, &high)?;
            return Ok(Condition::Between(left, low, high));
        }
        if self.take_word("IN") {
            self.operator()?;
            self.expect("(")?;
            let mut any = Vec::new();
            loop {
                any.push(self.operand()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect(")")?;
            if any.len() > 100 {
                return Err(format!(
                    "Incorrect number of operands for operator or function; operator or function: IN, number of operands: {}",
                    any.len() + 1
                ));
            }
            return Ok(Condition::In(left, any));
        }
        Err(self.unexpected())
    }
}

fn needs_path(name: &str) -> String {
    format!("Operator or function requires a document path; operator or function: {name}")
}

fn wrong_type(name: &str, value: &Value) -> String {
    format!(
        "Incorrect operand type for operator or function; operator or function: {name}, operand type: {}",
        value.type_name()
    )
}

fn ordered(name: &str, operand: &Operand) -> Result<(), String> {
    match operand {
        Operand::Value(Value::S(_) | Value::N(_) | Value::B(_)) | Operand::Path(_) | Operand::Size(_) => {
            Ok(())
        }
        Operand::Value(other) => Err(wrong_type(name, other)),
    }
}

/// `a = a` compares nothing.
fn same_operands(name: &str, left: &Operand, right: &Operand) -> Result<(), String> {
    match (left, right) {
        (Operand::Path(left), Operand::Path(right)) if left == right => Err(format!(
            "The first operand must be distinct from the remaining operands for this operator or function; operator: {name}, first operand: {left}"
        )),
        _ => Ok(()),
    }
}

fn check_bounds(low: &Operand, high: &Operand) -> Result<(), String> {
    let (Operand::Value(low), Operand::Value(high)) = (low, high) else { return Ok(()) };
    let shown = |value: &Value| match value {
        Value::S(text) => format!("{{S:{text}}}"),
        Value::N(number) => format!("{{N:{number}}}"),
        other => format!("{{{}}}", other.type_name()),
    };
    let bounds = || {
        format!(
            "lower bound operand: AttributeValue: {}, upper bound operand: AttributeValue: {}",
            shown(low),
            shown(high)
        )
    };
    match low.order(high) {
        None => Err(format!(
            "The BETWEEN operator requires same data type for lower and upper bounds; {}",
            bounds()
        )),
        Some(order) if order.is_gt() => Err(format!(
            "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; {}",
            bounds()
        )),
        Some(_) => Ok(()),
    }
}
