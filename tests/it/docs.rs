//! The documentation that the program itself can tell.

use std::fs;
use std::path::Path;

use super::support::bare;

/// Where the generated part of docs/FORMATS.md begins and ends.
const BEGIN: &str = "<!-- made by `voronka formats --markdown` -->\n";
const END: &str = "<!-- end of what is made -->\n";

/// Set to anything, it writes the documentation anew instead of failing.
const UPDATE: &str = "UPDATE_DOCS";

#[test]
fn the_documented_formats_are_those_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FORMATS.md");
    let text = fs::read_to_string(&path).expect("docs/FORMATS.md");
    let (before, rest) = text.split_once(BEGIN).expect("the begin of what is made");
    let (documented, after) = rest.split_once(END).expect("the end of what is made");
    let output = bare(&["formats", "--markdown"])
        .output()
        .expect("voronka runs");
    let told = format!("\n{}\n", String::from_utf8(output.stdout).expect("UTF-8"));
    if std::env::var_os(UPDATE).is_some() {
        fs::write(&path, format!("{before}{BEGIN}{told}{END}{after}"))
            .expect("docs can be written");
        return;
    }
    assert!(
        documented == told,
        "docs/FORMATS.md is not what the format files say: run this test with {UPDATE}=1"
    );
}
