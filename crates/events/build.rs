//! Compiles `proto-events/` without protoc on the machine.

use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new("../../proto-events");
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for sayer in std::fs::read_dir(root)? {
        let folder = sayer?.path().join("v1");
        if folder.is_dir() {
            for file in std::fs::read_dir(folder)? {
                files.push(file?.path());
            }
        }
    }
    files.retain(|file: &PathBuf| file.extension().is_some_and(|ending| ending == "proto"));
    files.sort();
    let set = protox::compile(&files, [root])?;
    prost_build::Config::new().compile_fds(set)?;
    Ok(())
}
