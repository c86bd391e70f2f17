//! What a page refers to is there: tests that show something, files, other pages.

use std::path::{Path, PathBuf};

use super::pages::{Page, cells, pages, read, root, spans};

/// Pages whose tables end with the tests that show what the row says.
const PROVEN: &[&str] = &["docs/architecture.md", "docs/security.md"];

#[test]
fn every_claim_names_a_test_that_is_there() {
    for name in PROVEN {
        let page = Page::named(name);
        let mut proven = 0;
        let mut of_tests = false;
        for line in page.prose() {
            let cells = cells(line);
            let Some(last) = cells.last() else {
                of_tests &= line.starts_with('|');
                continue;
            };
            if ["tests", "shown by"].contains(last) {
                of_tests = true;
            } else if of_tests {
                assert!(
                    names_a_test(last),
                    "{name}: `{last}` names no test that is there, for: {line}"
                );
                proven += 1;
            }
        }
        assert!(proven > 10, "{name} has {proven} claims");
    }
}

/// Whether a cell refers to tests, and all of what it refers to is there.
fn names_a_test(cell: &str) -> bool {
    let spans = spans(cell);
    let is_there = |span: &&str| {
        if span.starts_with("tests/") {
            root().join(span).exists()
        } else if cell.contains(&format!("suite `{span}`")) {
            root().join(format!("tests/suites/{span}.py")).exists()
        } else if span.contains(" = ") {
            read("Cargo.toml").contains(span)
        } else {
            is_tested(span) || is_black_box(span)
        }
    };
    !spans.is_empty() && spans.iter().all(is_there)
}

/// Whether a module has tests, or the test `module::tests::name` is there, which may stand in a module of the tests.
fn is_tested(path: &str) -> bool {
    let words: Vec<&str> = path.split("::").collect();
    let module: Vec<&str> = words.iter().copied().take_while(|word| *word != "tests").collect();
    let test = words[module.len()..].get(1..).and_then(<[&str]>::last);
    let mut sources = Vec::new();
    let folder = root().join("src").join(module.join("/"));
    sources.push(folder.with_extension("rs"));
    rust_files(&folder, &mut sources);
    let texts = sources.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    let mut texts = texts.filter(|text| text.contains("#[test]") || text.contains("#[tokio::test"));
    match test {
        Some(name) => texts.any(|text| text.contains(&format!("fn {name}("))),
        None => texts.next().is_some(),
    }
}

/// Whether the test `module::name` is there, below tests/.
fn is_black_box(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once("::") else {
        return false;
    };
    let file = root()
        .join("tests")
        .join(module.replace("::", "/"))
        .with_extension("rs");
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(&format!("#[test]\nfn {name}(")))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_of_the_checkout_that_is_named_is_there() {
    for page in pages() {
        for span in page.spans() {
            let ours = ["tests/", "src/", "docs/", ".ci/"];
            if ours.iter().any(|folder| span.starts_with(folder)) {
                // A program may be named with its arguments.
                let file = span.split(' ').next().unwrap_or(span);
                assert!(root().join(file).exists(), "{}: `{file}` is not there", page.name);
            }
        }
    }
}

#[test]
fn every_link_leads_somewhere() {
    for page in pages() {
        let folder = root().join(&page.name);
        let folder = folder.parent().expect("a file lies in a folder");
        for link in page.prose().into_iter().flat_map(links) {
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link
                .split_once('#')
                .map_or((link, None), |(file, anchor)| (file, Some(anchor)));
            let target = if file.is_empty() {
                root().join(&page.name)
            } else {
                folder.join(file)
            };
            assert!(target.exists(), "{}: {link} leads nowhere", page.name);
            if let Some(anchor) = anchor {
                let target = target.strip_prefix(root()).map(|name| name.display().to_string());
                let target = Page::named(&target.expect("it lies in the checkout"));
                assert!(
                    target.anchors().iter().any(|there| there == anchor),
                    "{}: {link} names no heading of {:?}",
                    page.name,
                    target.anchors()
                );
            }
        }
    }
}

/// The targets of the links and pictures in a line.
fn links(line: &str) -> Vec<&str> {
    let links = line.split("](").skip(1);
    let sources = line.split("src=\"").skip(1);
    let links = links.filter_map(|rest| rest.split(')').next());
    links.chain(sources.filter_map(|rest| rest.split('"').next())).collect()
}
