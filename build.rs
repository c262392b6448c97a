//! Lists the language files, so that a language is one file in `report-templates/lang/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = root.join("report-templates").join("lang");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|suffix| suffix == "toml"));
    files.sort();
    let mut list =
        "/// Code and text of every shipped language.\npub const SHIPPED: &[(&str, &str)] = &[\n"
            .to_owned();
    for file in &files {
        let code = file.file_stem().unwrap_or_default().to_string_lossy();
        writeln!(list, "    ({code:?}, include_str!({:?})),", file.display())
            .map_err(io::Error::other)?;
    }
    list += "];\n";
    fs::write(
        Path::new(&env::var_os("OUT_DIR").unwrap_or_default()).join("languages.rs"),
        list,
    )
}
