//! What is generated for a service: which types, by which names, and which tables.

use super::model::{Model, Reference, Shape, Type};
use super::names;
use crate::problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// Enums with more values stay text: the check of constraints knows their values.
const LARGEST_ENUM: usize = 60;

/// Names that generated modules use for something else.
const RESERVED: &[&str] = &[
    "BTreeMap",
    "Body",
    "Box",
    "Bytes",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Display",
    "Document",
    "Err",
    "Error",
    "From",
    "FromStr",
    "Into",
    "None",
    "Ok",
    "Option",
    "OPERATIONS",
    "Result",
    "SERVICE",
    "Self",
    "Some",
    "String",
    "Timestamp",
    "Vec",
];

/// A Rust struct for a structure of the model.
pub(crate) struct Struct {
    pub(crate) name: String,
    pub(crate) shape: String,
}

/// The traits of a use of a shape that change its table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Variant {
    pub(crate) flattened: bool,
    pub(crate) streaming: bool,
    pub(crate) json: bool,
}

/// Everything that the writers of the files need.
pub(crate) struct Plan<'a> {
    pub(crate) service: &'a str,
    pub(crate) model: &'a Model,
    pub(crate) structs: Vec<Struct>,
    /// Output types that are a structure of another name, shared between operations: `CreateFunctionOutput` is `FunctionConfiguration`.
    pub(crate) aliases: BTreeMap<String, String>,
    /// The types of shapes that members refer to.
    types: BTreeMap<&'a str, String>,
    /// The enums among them.
    pub(crate) enums: BTreeSet<&'a str>,
    /// The tables, by shape and variant.
    pub(crate) tables: BTreeMap<(&'a str, Variant), String>,
    /// Modelled errors that an operation names.
    pub(crate) errors: BTreeSet<&'a str>,
    /// (from, to) where a structure holds itself through these members without a list or map between.
    boxed: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Plan<'a> {
    /// Plans a service.
    pub(crate) fn new(service: &'a str, model: &'a Model) -> Result<Self, Problem> {
        let mut plan = Self {
            service,
            model,
            structs: Vec::new(),
            aliases: BTreeMap::new(),
            types: BTreeMap::new(),
            enums: BTreeSet::new(),
            tables: BTreeMap::new(),
            errors: BTreeSet::new(),
            boxed: BTreeSet::new(),
        };
        let mut walk = Walk { model, uses: BTreeSet::new(), members: BTreeSet::new(), keys: BTreeSet::new() };
        for operation in model.operations.values() {
            for reference in operation.input.iter().chain(&operation.output) {
                walk.shape(&reference.shape, Variant::default())?;
            }
            plan.errors.extend(operation.errors.iter().map(|error| error.shape.as_str()));
        }
        plan.name_tables(&walk);
        plan.name_types(&walk)?;
        plan.find_boxed(&walk)?;
        Ok(plan)
    }

    fn name_tables(&mut self, walk: &Walk<'a>) {
        let mut taken = BTreeSet::new();
        for (shape, variant) in &walk.uses {
            let mut name = names::screaming(shape);
            for (on, suffix) in
                [(variant.flattened, "_FLAT"), (variant.streaming, "_STREAM"), (variant.json, "_JSON")]
            {
                if on {
                    name.push_str(suffix);
                }
            }
            self.tables.insert((shape, *variant), unique(name, &mut taken, "_"));
        }
    }

    fn name_types(&mut self, walk: &Walk<'a>) -> Result<(), Problem> {
        let mut taken: BTreeSet<String> = RESERVED.iter().map(|name| (*name).to_owned()).collect();
        for operation in self.model.operations.keys() {
            taken.extend([operation.clone(), format!("{operation}Output")]);
        }
        taken.extend(self.errors.iter().map(|name| names::type_name(name)));

        let mut outputs: BTreeMap<&str, usize> = BTreeMap::new();
        for operation in self.model.operations.values() {
            for reference in operation.output.iter() {
                *outputs.entry(&reference.shape).or_default() += 1;
            }
        }
        let shared =
            |shape: &str| walk.members.contains(shape) || outputs.get(shape).is_some_and(|uses| *uses > 1);
        let named = walk.members.iter().copied().chain(outputs.keys().copied().filter(|shape| shared(shape)));
        for shape in named.collect::<BTreeSet<_>>() {
            let described = self.model.shape(shape)?;
            let is_enum = matches!(described.kind, Type::String)
                && (1..=LARGEST_ENUM).contains(&described.values.len());
            let is_structure = matches!(described.kind, Type::Structure) && !described.document;
            if !is_enum && !is_structure {
                continue;
            }
            let mut name = names::type_name(shape);
            if taken.contains(&name) {
                name.push_str("Shape");
            }
            let name = unique(name, &mut taken, "");
            if is_enum {
                self.enums.insert(shape);
            } else {
                self.structs.push(Struct { name: name.clone(), shape: shape.to_owned() });
            }
            self.types.insert(shape, name);
        }
        for (operation, described) in &self.model.operations {
            if let Some(input) = &described.input {
                self.structs.push(Struct { name: operation.clone(), shape: input.shape.clone() });
            }
            let Some(output) = &described.output else { continue };
            let name = format!("{operation}Output");
            match self.types.get(output.shape.as_str()) {
                Some(shared) => {
                    self.aliases.insert(name, shared.clone());
                }
                None => self.structs.push(Struct { name, shape: output.shape.clone() }),
            }
        }
        self.structs.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(())
    }

    /// Finds direct cycles of structures; the number of shapes is small enough to search from each.
    fn find_boxed(&mut self, walk: &Walk<'a>) -> Result<(), Problem> {
        let mut edges: BTreeMap<&'a str, BTreeSet<&'a str>> = BTreeMap::new();
        for (shape, _) in &walk.uses {
            for member in self.model.shape(shape)?.members.values() {
                if matches!(self.model.shape(&member.shape)?.kind, Type::Structure) {
                    edges.entry(shape).or_default().insert(&member.shape);
                }
            }
        }
        for (from, targets) in &edges {
            for to in targets {
                let mut seen = BTreeSet::from([*to]);
                let mut open = vec![*to];
                while let Some(shape) = open.pop() {
                    for next in edges.get(shape).into_iter().flatten() {
                        if seen.insert(*next) {
                            open.push(*next);
                        }
                    }
                }
                if seen.contains(from) {
                    self.boxed.insert((from, to));
                }
            }
        }
        Ok(())
    }

    /// The name of a use's table.
    pub(crate) fn table<'s>(&'s self, reference: &'s Reference) -> Result<&'s str, Problem> {
        let shape = self.model.shape(&reference.shape)?;
        let variant = variant(shape, reference);
        self.tables.get(&(reference.shape.as_str(), variant)).map(String::as_str).ok_or_else(|| {
            Problem::new(format!("{}: no table was planned for {}", self.service, reference.shape))
        })
    }

    /// The Rust type of an enum or structure that members refer to.
    pub(crate) fn type_of(&self, shape: &str) -> Option<&str> {
        self.types.get(shape).map(String::as_str)
    }

    /// The Rust type of a member, element or value of `owner`, without `Option`.
    pub(crate) fn rust_type(&self, owner: &str, reference: &Reference) -> Result<String, Problem> {
        let shape = self.model.shape(&reference.shape)?;
        Ok(match shape.kind {
            Type::Boolean => "bool".to_owned(),
            Type::Integer => "i32".to_owned(),
            Type::Long => "i64".to_owned(),
            Type::Float => "f32".to_owned(),
            Type::Double => "f64".to_owned(),
            Type::Timestamp => "Timestamp".to_owned(),
            Type::Blob if shape.streaming || reference.streaming => "Body".to_owned(),
            Type::Blob => "Bytes".to_owned(),
            Type::List => {
                format!("Vec<{}>", self.rust_type("", part(shape.member.as_ref(), &reference.shape)?)?)
            }
            Type::Map => {
                format!(
                    "BTreeMap<String, {}>",
                    self.rust_type("", part(shape.value.as_ref(), &reference.shape)?)?
                )
            }
            Type::String | Type::Character => self.type_of(&reference.shape).unwrap_or("String").to_owned(),
            Type::Structure if shape.document => "Document".to_owned(),
            Type::Structure => {
                let name = self.type_of(&reference.shape).ok_or_else(|| {
                    Problem::new(format!("{}: no type was planned for {}", self.service, reference.shape))
                })?;
                if self.boxed.contains(&(owner, &reference.shape)) {
                    format!("Box<{name}>")
                } else {
                    name.to_owned()
                }
            }
        })
    }

    /// The members of a structure that are generated: event streams are left out.
    pub(crate) fn members(&self, shape: &'a str) -> Result<Vec<(&'a str, &'a Reference)>, Problem> {
        members(self.model, shape)
    }
}

fn members<'a>(model: &'a Model, shape: &str) -> Result<Vec<(&'a str, &'a Reference)>, Problem> {
    let mut kept = Vec::new();
    for (name, member) in &model.shape(shape)?.members {
        if !model.shape(&member.shape)?.eventstream {
            kept.push((name.as_str(), member));
        }
    }
    Ok(kept)
}

/// A list's element, or a map's key or value.
pub(crate) fn part<'a>(reference: Option<&'a Reference>, shape: &str) -> Result<&'a Reference, Problem> {
    reference.ok_or_else(|| Problem::new(format!("the list or map {shape} says nothing of its elements")))
}

/// What a use changes in a shape's table. A shape's own traits are in its table anyhow.
fn variant(shape: &Shape, reference: &Reference) -> Variant {
    Variant {
        flattened: reference.flattened && !shape.flattened,
        streaming: reference.streaming && !shape.streaming,
        json: reference.jsonvalue && !shape.jsonvalue,
    }
}

/// A name that is not taken: with 2, 3 … after it where it is.
pub(crate) fn unique(name: String, taken: &mut BTreeSet<String>, between: &str) -> String {
    let mut candidate = name.clone();
    let mut number = 2;
    while !taken.insert(candidate.clone()) {
        candidate = format!("{name}{between}{number}");
        number += 1;
    }
    candidate
}

/// The shapes that operations reach.
struct Walk<'a> {
    model: &'a Model,
    uses: BTreeSet<(&'a str, Variant)>,
    /// Those that a member, element or value refers to.
    members: BTreeSet<&'a str>,
    /// Those that are keys of maps.
    keys: BTreeSet<&'a str>,
}

impl<'a> Walk<'a> {
    fn shape(&mut self, shape: &'a str, variant: Variant) -> Result<(), Problem> {
        if !self.uses.insert((shape, variant)) {
            return Ok(());
        }
        let described = self.model.shape(shape)?;
        for (_, member) in members(self.model, shape)? {
            self.member(member)?;
        }
        for part in described.member.iter().chain(&described.value) {
            self.member(part)?;
        }
        if let Some(key) = &described.key {
            self.keys.insert(&key.shape);
            self.shape(&key.shape, Variant::default())?;
        }
        Ok(())
    }

    fn member(&mut self, reference: &'a Reference) -> Result<(), Problem> {
        self.members.insert(&reference.shape);
        self.shape(&reference.shape, variant(self.model.shape(&reference.shape)?, reference))
    }
}
