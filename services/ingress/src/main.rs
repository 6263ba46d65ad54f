use std::process::ExitCode;

fn main() -> ExitCode {
    chassis::run("ingress", ingress::service)
}
