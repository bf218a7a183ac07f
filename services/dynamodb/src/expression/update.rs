//! Update expressions: `SET a = a + :x, b = list_append(b, :y) REMOVE c ADD d :z DELETE e :w`.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>

use super::parser::Parser;
use super::path::{Path, check_distinct};
use super::token::Kind;
use crate::value::Value;

/// A value that `SET` makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Term {
    Path(Path),
    Value(Value),
    IfNotExists(Path, Box<Term>),
    ListAppend(Box<Term>, Box<Term>),
    Plus(Box<Term>, Box<Term>),
    Minus(Box<Term>, Box<Term>),
}

/// All changes; no two paths overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Update {
    pub(crate) set: Vec<(Path, Term)>,
    pub(crate) remove: Vec<Path>,
    pub(crate) add: Vec<(Path, Value)>,
    pub(crate) delete: Vec<(Path, Value)>,
}

impl Update {
    /// All paths that it writes.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        let set = self.set.iter().map(|(path, _)| path);
        let added = self.add.iter().chain(&self.delete).map(|(path, _)| path);
        set.chain(&self.remove).chain(added)
    }
}

impl Parser<'_, '_> {
    pub(super) fn whole_update(&mut self) -> Result<Update, String> {
        let mut update = Update::default();
        let mut seen: Vec<&str> = Vec::new();
        while self.peek().kind != Kind::End {
            let section = ["SET", "REMOVE", "ADD", "DELETE"].into_iter().find(|word| self.is_word(word));
            let Some(section) = section else { return Err(self.unexpected()) };
            if seen.contains(&section) {
                return Err(format!(
                    "The \"{section}\" section can only be used once in an update expression;"
                ));
            }
            seen.push(section);
            self.next();
            loop {
                match section {
                    "SET" => {
                        let path = self.path()?;
                        self.expect("=")?;
                        let term = self.sum()?;
                        update.set.push((path, term));
                    }
                    "REMOVE" => update.remove.push(self.path()?),
                    "ADD" => {
                        let path = self.path()?;
                        update.add.push((path, self.set_operand("ADD")?));
                    }
                    _ => {
                        let path = self.path()?;
                        update.delete.push((path, self.set_operand("DELETE")?));
                    }
                }
                self.operator()?;
                if !self.take(",") {
                    break;
                }
            }
        }
        check_distinct(&update.paths().collect::<Vec<&Path>>())?;
        Ok(update)
    }

    /// The value of `ADD` (a number or a set) or `DELETE` (a set).
    fn set_operand(&mut self, section: &str) -> Result<Value, String> {
        let Some(value) = self.value()? else { return Err(self.unexpected()) };
        match (&value, section) {
            (Value::Ss(_) | Value::Ns(_) | Value::Bs(_), _) | (Value::N(_), "ADD") => Ok(value),
            (other, _) => Err(format!(
                "Incorrect operand type for operator or function; operator: {section}, operand type: {}, typeSet: ALLOWED_FOR_{section}_OPERAND",
                other.long_type_name()
            )),
        }
    }

    fn sum(&mut self) -> Result<Term, String> {
        let left = self.term()?;
        let sign = ["+", "-"].into_iter().find(|sign| self.take(sign));
        let Some(sign) = sign else { return Ok(left) };
        self.operator()?;
        let right = self.term()?;
        for term in [&left, &right] {
            match term {
                Term::Value(Value::N(_)) | Term::Path(_) | Term::IfNotExists(..) => {}
                Term::Value(other) => return Err(wrong_type(sign, other.type_name())),
                _ => return Err(wrong_type(sign, "L")),
            }
        }
        let (left, right) = (Box::new(left), Box::new(right));
        Ok(if sign == "+" { Term::Plus(left, right) } else { Term::Minus(left, right) })
    }

    fn term(&mut self) -> Result<Term, String> {
        self.depth += 1;
        if self.depth > 64 {
            return Err("The expression contains too many operators; operator count: 301".into());
        }
        let term = self.single_term();
        self.depth -= 1;
        term
    }

    fn single_term(&mut self) -> Result<Term, String> {
        if let Some(value) = self.value()? {
            return Ok(Term::Value(value));
        }
        if self.take("(") {
            let term = self.sum()?;
            self.expect(")")?;
            return Ok(term);
        }
        let Some(name) = self.function() else { return self.path().map(Term::Path) };
        self.operator()?;
        match name {
            "if_not_exists" | "list_append" => {}
            "size"
            | "attribute_exists"
            | "attribute_not_exists"
            | "attribute_type"
            | "begins_with"
            | "contains" => {
                return Err(format!("The function is not allowed in an update expression; function: {name}"));
            }
            other => return Err(format!("Invalid function name; function: {other}")),
        }
        let mut arguments = Vec::new();
        loop {
            arguments.push(self.term()?);
            if !self.take(",") {
                break;
            }
        }
        self.expect(")")?;
        let count = arguments.len();
        let Ok([first, second]) = <[Term; 2]>::try_from(arguments) else {
            return Err(format!(
                "Incorrect number of operands for operator or function; operator or function: {name}, number of operands: {count}"
            ));
        };
        if name == "if_not_exists" {
            return match first {
                Term::Path(path) => Ok(Term::IfNotExists(path, Box::new(second))),
                _ => Err(format!(
                    "Operator or function requires a document path; operator or function: {name}"
                )),
            };
        }
        for term in [&first, &second] {
            if let Term::Value(other) = term
                && !matches!(other, Value::L(_))
            {
                return Err(wrong_type(name, other.type_name()));
            }
        }
        Ok(Term::ListAppend(Box::new(first), Box::new(second)))
    }
}

fn wrong_type(name: &str, type_name: &str) -> String {
    format!(
        "Incorrect operand type for operator or function; operator or function: {name}, operand type: {type_name}"
    )
}
