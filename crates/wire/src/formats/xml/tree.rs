use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element: its name without prefix, its attributes with theirs, its text and children.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

/// Nesting beyond this is refused.
const DEEPEST: usize = 128;
/// Elements beyond this many are refused: an element costs far more memory than its text on the wire.
const MOST: usize = 200_000;

impl Element {
    /// Parses a document. Document types and entities of its own are refused.
    ///
    /// # Errors
    /// What is wrong, for a log: AWS tells the client nothing but that it is malformed.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "invalid UTF-8".to_owned())?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_end_names = true;
        let mut open: Vec<Self> = Vec::new();
        let mut root = None;
        let mut count = 0_usize;
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            if matches!(event, Event::Start(_) | Event::Empty(_)) {
                count += 1;
                if root.is_some() || count > MOST || open.len() >= DEEPEST {
                    return Err("too many elements, nested too deeply, or a second root".to_owned());
                }
            }
            match event {
                Event::Start(start) => open.push(Self::begin(&start)?),
                Event::Empty(start) => close(Self::begin(&start)?, &mut open, &mut root),
                Event::End(_) => {
                    let element = open.pop().ok_or("an end without a start")?;
                    close(element, &mut open, &mut root);
                }
                Event::Text(text) => push(&text.xml10_content(), &mut open)?,
                Event::CData(text) => push(&text.xml10_content(), &mut open)?,
                Event::GeneralRef(name) => {
                    let mut buffer = [0; 4];
                    let letter = match name.resolve_char_ref().map_err(|error| error.to_string())? {
                        Some(letter) => letter.encode_utf8(&mut buffer),
                        None => match &*name.xml10_content() {
                            "lt" => "<",
                            "gt" => ">",
                            "amp" => "&",
                            "apos" => "'",
                            "quot" => "\"",
                            _ => return Err("an unknown entity".to_owned()),
                        },
                    };
                    push(letter, &mut open)?;
                }
                Event::DocType(_) => return Err("a document type".to_owned()),
                Event::Eof => break,
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
        if open.is_empty() {
            root.ok_or_else(|| "no element".to_owned())
        } else {
            Err("an element without an end".to_owned())
        }
    }

    fn begin(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut element = Self { name: start.local_name().as_ref().to_owned(), ..Self::default() };
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute
                .normalized_value(quick_xml::XmlVersion::Explicit1_0)
                .map_err(|error| error.to_string())?;
            element.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(element)
    }

    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The attribute of a name, by its local name where the prefix differs.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
        let exact = self.attributes.iter().find(|(found, _)| found == name);
        let found = exact.or_else(|| {
            self.attributes
                .iter()
                .find(|(found, _)| !found.starts_with("xmlns") && local(found) == local(name))
        });
        found.map(|(_, value)| value.as_str())
    }
}

fn push(text: &str, open: &mut [Element]) -> Result<(), String> {
    match open.last_mut() {
        Some(element) => element.text.push_str(text),
        None if text.trim().is_empty() => {}
        None => return Err("text outside of the root".to_owned()),
    }
    Ok(())
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) {
    match open.last_mut() {
        Some(parent) => parent.children.push(element),
        None => *root = Some(element),
    }
}
