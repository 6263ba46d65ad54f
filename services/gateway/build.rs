//! Has the program built again when the dashboard was.

fn main() {
    println!("cargo:rerun-if-changed=../dashboard/dist");
}
