use std::process::ExitCode;

fn main() -> ExitCode {
    chassis::run("conversations", conversations::service)
}
