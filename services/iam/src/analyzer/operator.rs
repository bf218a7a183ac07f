use policy::ValueType;

/// An operator's parts: `ForAllValues`, `StringLike`, and whether `IfExists` follows.
pub(super) struct Operator<'a> {
    pub(super) quantifier: Option<&'a str>,
    /// In lower case.
    pub(super) name: String,
    pub(super) if_exists: bool,
    pub(super) compares: ValueType,
}

impl<'a> Operator<'a> {
    pub(super) fn new(text: &'a str) -> Option<Self> {
        let compares = ValueType::of_operator(text)?;
        let (quantifier, rest) =
            text.split_once(':').map_or((None, text), |(first, rest)| (Some(first), rest));
        let lower = rest.to_ascii_lowercase();
        let bare = lower.strip_suffix("ifexists");
        Some(Self {
            quantifier,
            if_exists: bare.is_some(),
            name: bare.unwrap_or(&lower).to_owned(),
            compares,
        })
    }

    pub(super) fn is_for_all(&self) -> bool {
        self.quantifier.is_some_and(|quantifier| quantifier.eq_ignore_ascii_case("ForAllValues"))
    }

    pub(super) fn is_null(&self) -> bool {
        self.name == "null"
    }

    pub(super) fn is_negated(&self) -> bool {
        self.name.contains("not")
    }
}
