//! House rules of the console's TypeScript.

/// What makes text into code or markup, and what switches the types off.
const FORBIDDEN: [(&str, &str); 10] = [
    (concat!("dangerouslySet", "InnerHTML"), "text of users becomes markup"),
    (concat!("inner", "HTML"), "text of users becomes markup"),
    (concat!("outer", "HTML"), "text of users becomes markup"),
    (concat!("ev", "al("), "text becomes code, which the content security policy refuses"),
    (concat!("new Func", "tion("), "text becomes code, which the content security policy refuses"),
    (concat!(": a", "ny"), "say the type, or unknown"),
    (concat!("as a", "ny"), "say the type, or unknown"),
    (concat!("<a", "ny>"), "say the type, or unknown"),
    (concat!("@ts-ig", "nore"), "say the type, or unknown"),
    (concat!("@ts-no", "check"), "say the type, or unknown"),
];
/// Parts of a service that another service's pages show, with why they are not in components/.
const SHARED: [(&str, &str); 2] = [
    ("services/cloudwatch/EventTable", "it links to the pages of CloudWatch"),
    ("services/cloudwatch/read", "a function's Monitor tab reads its log group as CloudWatch's pages do"),
];

/// Whether a file is the console's, and written by hand.
pub(super) fn concern(file: &str) -> bool {
    file.starts_with("console/")
        && [".ts", ".tsx", ".mjs", ".js"].iter().any(|end| file.ends_with(end))
        && !file.contains("/data/")
        && !file.starts_with("console/dist/")
        && !file.starts_with("console/node_modules/")
}

pub(super) fn source(file: &str, text: &str, breaches: &mut Vec<String>) {
    super::length(file, text, breaches);
    // The tests of the pages run in the browser, where a test may look at markup.
    let shown = file.starts_with("console/src/");
    for (number, line) in text.lines().enumerate() {
        let number = number + 1;
        for (word, why) in FORBIDDEN.iter().filter(|(word, _)| shown && contains_word(line, word)) {
            breaches.push(format!("{file}:{number} has {word}: {why}"));
        }
        if let Some(other) = imported(line).and_then(|path| absolute(file, path))
            && !may_import(file, &other)
        {
            breaches.push(format!(
                "{file}:{number} imports {other}: what several services need belongs into components/, and a service tells others no more than its service.ts"
            ));
        }
    }
}

/// Whether a line has these letters, and not as the beginning or end of a longer word.
fn contains_word(line: &str, word: &str) -> bool {
    let inside =
        |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(word).any(|(at, _)| {
        let (before, after) =
            (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
        let open = |edge: Option<char>, next: Option<char>| !(inside(edge) && inside(next));
        open(word.chars().next(), before.chars().next_back())
            && open(word.chars().next_back(), after.chars().next())
    })
}

/// The path that a line imports, where it is a path.
fn imported(line: &str) -> Option<&str> {
    let start = ["from \"", "import(\"", "import \""]
        .iter()
        .find_map(|word| line.find(word).map(|at| at + word.len()))?;
    let path = line.get(start..)?.split('"').next()?;
    path.starts_with('.').then_some(path)
}

/// `services/x/y` for `../x/y` in `console/src/services/z/a.ts`; none of what is outside of `console/src`.
fn absolute(file: &str, path: &str) -> Option<String> {
    let mut folders: Vec<&str> = file.strip_prefix("console/src/")?.split('/').collect();
    folders.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                folders.pop()?;
            }
            name => folders.push(name),
        }
    }
    Some(folders.join("/"))
}

/// A service imports itself, what is no service, and what another one shares; what is no service imports how a service is registered.
fn may_import(file: &str, other: &str) -> bool {
    let service = |path: &str| {
        path.strip_prefix("services/").and_then(|rest| rest.split('/').next()).map(str::to_owned)
    };
    let Some(theirs) = service(other) else { return true };
    let own = file.strip_prefix("console/src/").and_then(service);
    own.as_ref() == Some(&theirs)
        || other == format!("services/{theirs}/service")
        || (own.is_none() && other == "services/home/Home")
        || SHARED.iter().any(|(shared, _)| *shared == other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaches(file: &str, text: &str) -> usize {
        let mut breaches = Vec::new();
        source(file, text, &mut breaches);
        breaches.len()
    }

    #[test]
    fn services_know_of_each_other_what_they_share() {
        let page = "console/src/services/lambda/configuration/Page.tsx";
        for (file, import, count) in [
            (page, "../code", 0),
            (page, "./Other", 0),
            (page, "../../../components/Page", 0),
            (page, "../../cloudwatch/service", 0),
            (page, "../../cloudwatch/EventTable", 0),
            (page, "../../cloudwatch/LogGroup", 1),
            (page, "../../s3/read", 1),
            (page, "../../lambda/read", 0),
            ("console/src/components/Page.tsx", "../services/s3/read", 1),
            ("console/src/app/services.ts", "../services/s3/service", 0),
            ("console/src/app/App.tsx", "../services/home/Home", 0),
        ] {
            for text in
                [format!("import {{ x }} from \"{import}\";"), format!("lazy(() => import(\"{import}\"))")]
            {
                assert_eq!(breaches(file, &text), count, "{file}: {text}");
            }
        }
    }

    #[test]
    fn markup_code_and_missing_types_are_breaches() {
        for (text, count) in [
            (concat!("<p dangerouslySet", "InnerHTML={x} />"), 1),
            (concat!("element.inner", "HTML = x;"), 1),
            (concat!("ev", "al(x)"), 1),
            (concat!("retri", "eval(x)"), 0),
            (concat!("const x: a", "ny = 1;"), 1),
            (concat!("const x: a", "nything = 1;"), 0),
            (concat!("x as a", "ny[]"), 1),
            (concat!("has a", "ny of them"), 0),
            (concat!("// @ts-ig", "nore"), 1),
        ] {
            assert_eq!(breaches("console/src/app/x.ts", text), count, "{text}");
            assert_eq!(breaches("console/tests/x.mjs", text), 0, "{text}");
        }
        assert_eq!(breaches("console/tests/x.mjs", &"\n".repeat(701)), 1);
    }

    #[test]
    fn data_and_what_is_built_are_nobodys_writing() {
        for (file, written) in [
            ("console/src/app/App.tsx", true),
            ("console/tests/run.mjs", true),
            ("console/src/services/config/data/x.ts", false),
            ("console/dist/assets/x.js", false),
            ("server/src/x.ts", false),
            ("console/package.json", false),
        ] {
            assert_eq!(concern(file), written, "{file}");
        }
    }
}
