use super::InvalidPattern;
use super::scanner::Scanner;
use wire::Document;

/// Where in an event of JSON a pattern looks: `$.users[0].id`, `$.list[*]`, `$.*`, `$.['a.b']`.
#[derive(Debug, Clone)]
pub(super) struct Selector {
    segments: Vec<Segment>,
}

#[derive(Debug, Clone)]
enum Segment {
    Member(String),
    AnyMember,
    Element(usize),
    AnyElement,
}

impl Selector {
    pub(super) fn parse(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        if !scanner.eat("$") {
            return Err(scanner.unexpected());
        }
        let mut segments = Vec::new();
        loop {
            let dot = scanner.eat(".");
            let segment = if scanner.eat("[") {
                let segment = Segment::in_brackets(scanner)?;
                if !scanner.eat("]") {
                    return Err(scanner.unexpected());
                }
                // Elements are those of a property, and follow it without a dot.
                let element = matches!(segment, Segment::Element(_) | Segment::AnyElement);
                if element && (dot || segments.is_empty()) {
                    return Err(InvalidPattern::Syntax);
                }
                segment
            } else if !dot {
                break;
            } else if scanner.eat("*") {
                Segment::AnyMember
            } else {
                let name =
                    scanner.take_while(|character| character.is_alphanumeric() || "_-".contains(character));
                if name.is_empty() {
                    return Err(match scanner.peek() {
                        Some(character) => InvalidPattern::Characters(format!("$.{character}")),
                        None => InvalidPattern::Syntax,
                    });
                }
                Segment::Member(name.to_owned())
            };
            segments.push(segment);
        }
        let selector = Self { segments };
        if selector.segments.is_empty() || selector.wildcards() > 1 {
            return Err(InvalidPattern::Syntax);
        }
        Ok(selector)
    }

    pub(super) fn wildcards(&self) -> usize {
        self.segments
            .iter()
            .filter(|segment| matches!(segment, Segment::AnyMember | Segment::AnyElement))
            .count()
    }

    /// The value that is selected, where there is no wildcard.
    pub(super) fn only<'d>(&self, event: &'d Document) -> Option<&'d Document> {
        self.segments.iter().try_fold(event, |value, segment| match segment {
            Segment::Member(name) => value.get(name),
            Segment::Element(index) => value.as_array().and_then(|elements| elements.get(*index)),
            Segment::AnyMember | Segment::AnyElement => None,
        })
    }

    /// Whether a value that is selected passes a test.
    pub(super) fn any(&self, event: &Document, test: &impl Fn(&Document) -> bool) -> bool {
        any(&self.segments, event, test)
    }
}

fn any(segments: &[Segment], value: &Document, test: &impl Fn(&Document) -> bool) -> bool {
    let Some((first, rest)) = segments.split_first() else { return test(value) };
    let on = |value: &Document| any(rest, value, test);
    match first {
        Segment::Member(name) => value.get(name).is_some_and(on),
        Segment::AnyMember => value.as_object().is_some_and(|members| members.values().any(on)),
        Segment::Element(index) => value.as_array().and_then(|elements| elements.get(*index)).is_some_and(on),
        Segment::AnyElement => value.as_array().is_some_and(|elements| elements.iter().any(on)),
    }
}

impl Segment {
    fn in_brackets(scanner: &mut Scanner<'_>) -> Result<Self, InvalidPattern> {
        for quote in ['\'', '"'] {
            if scanner.peek() == Some(quote) {
                scanner.next();
                return scanner.quoted(quote).map(Self::Member);
            }
        }
        if scanner.eat("*") {
            return Ok(Self::AnyElement);
        }
        let digits = scanner.take_while(|character| character.is_ascii_digit());
        if digits.is_empty() {
            return Err(scanner.unexpected());
        }
        digits.parse().map(Self::Element).map_err(|_| InvalidPattern::Syntax)
    }
}
