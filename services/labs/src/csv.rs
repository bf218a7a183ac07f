//! Comma-separated values (RFC 4180): rosters in, results out.

/// Reads rows of fields; quoted fields may hold commas, quotes and line breaks.
pub(crate) fn read(text: &str) -> Result<Vec<Vec<String>>, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = Vec::new();
    let (mut row, mut field, mut quoted, mut was_quoted) = (Vec::new(), String::new(), false, false);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() && !was_quoted => (quoted, was_quoted) = (true, true),
            ',' if !quoted => {
                row.push(std::mem::take(&mut field));
                was_quoted = false;
            }
            '\r' if !quoted && characters.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut field));
                rows.push(std::mem::take(&mut row));
                was_quoted = false;
            }
            other => field.push(other),
        }
    }
    if quoted {
        return Err("a field's closing quote is missing".into());
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push(row);
    }
    rows.retain(|row| row.iter().any(|field| !field.trim().is_empty()));
    Ok(rows)
}

/// Writes a row. What a spreadsheet would take for a formula is kept from being one by an apostrophe.
pub(crate) fn write<'a>(fields: impl IntoIterator<Item = &'a str>, out: &mut String) {
    write_with_secret(fields, "", out);
}

/// As [`write`], but a secret stays as it is: one access key's in 64 begins with a plus, and would be refused with an apostrophe before it.
pub(crate) fn write_with_secret<'a>(
    fields: impl IntoIterator<Item = &'a str>,
    secret: &str,
    out: &mut String,
) {
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        let is_formula = field != secret && field.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let guard = if is_formula { "'" } else { "" };
        if field.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(guard);
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(guard);
            out.push_str(field);
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_they_were_written() {
        let rows = read("\u{feff}a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n\n,\nlast").unwrap();
        assert_eq!(rows, [vec!["a", "b"], vec!["x, \"y\"", "two\nlines"], vec!["last"]]);
        assert!(read("a,\"b").is_err());
        let mut out = String::new();
        write(["x, \"y\"", "", "plain"], &mut out);
        let mut secret = String::new();
        write_with_secret(["+1", "+/secret"], "+/secret", &mut secret);
        assert_eq!(secret, "'+1,+/secret\n");
        assert_eq!(read(&out).unwrap(), [vec!["x, \"y\"", "", "plain"]]);
    }

    #[test]
    fn formulas_are_text() {
        let mut out = String::new();
        write(["=HYPERLINK(\"http://x\")", "@a", "-1", "a=b"], &mut out);
        assert_eq!(out, "\"'=HYPERLINK(\"\"http://x\"\")\",'@a,'-1,a=b\n");
    }
}
