use std::process::ExitCode;

fn main() -> ExitCode {
    chassis::run("gateway", gateway::service)
}
